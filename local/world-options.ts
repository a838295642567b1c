/** What a world is made with, and what may go wrong in it. */
import type { TableEngine } from './aws/dynamodb.ts';
import type { Inject, SdkCall } from './aws/gate.ts';
import type { DisturbMessage, Journal } from './aws/queue.ts';
import type { Clock } from './clock.ts';
import type { TemplateTable } from './dynamodb/dynalite-table.ts';
import type { AnswerExternal } from './functions/external.ts';
import type { StartInstance } from './functions/instance.ts';
import type { RandomBytes } from './functions/sandbox.ts';
import type { KeptState } from './kept-state.ts';
import type { IsIdle } from './run-schedules.ts';
import type { EditTemplate } from './template.ts';

export type WorldOptions = {
  /** the directory of a cloud assembly */
  assembly: string;
  clock: Clock;
  /** Stands the template's tables up, or finds them standing. */
  openTables: (tables: readonly TemplateTable[]) => TableEngine | Promise<TableEngine>;
  /** keeps what waits in a queue beyond this process */
  journalOf?: (queueName: string) => Journal;
  /** keeps subscriptions, phones and alarms beyond this process */
  keep?: KeptState['part'];
  /** where instances of functions run; default: in this thread */
  startInstance?: StartInstance | undefined;
  /** @default addresses that lead nowhere */
  endpoint?: string;
  publicUrl?: string;
  /** changes the templates before they are read */
  edit?: EditTemplate;
  /** asked before each call of a function to AWS */
  inject?: Inject;
  /** told right before such a call takes effect, or AWS refuses it */
  onPerform?: (call: SdkCall) => void;
  /** plays what is outside of AWS; default: it answers 200 to everything */
  external?: AnswerExternal;
  /** what goes wrong in AWS itself */
  disturb?: Disturb;
  /** the functions' Math.random; default: the real one in real time, a repeatable one in virtual time */
  random?: () => number;
  /** ids and tokens; default: real ones, which differ from run to run */
  randomBytes?: RandomBytes;
  /** a run of a schedule that may be left out, because it would find nothing to do */
  isIdle?: IsIdle;
  /** @default keeps calls, messages and log lines in the world's lists */
  keepRecords?: boolean;
};

/** Each is asked at its moment; undefined: all goes well. */
export type Disturb = {
  message?: DisturbMessage;
  /** @returns how much later each run of it comes, in milliseconds: `[]` is skipped, `[0, 0]` doubled */
  schedule?: (name: string) => readonly number[] | undefined;
  /** @returns why a message that SNS has accepted is lost */
  delivery?: (channel: 'sms' | 'email', to: string) => string | undefined;
};
