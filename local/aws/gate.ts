/** The one door to the local AWS: each call is read, recorded, perhaps made to fail, authorised, and answered. */
import type { Clock } from '../clock.ts';
import type { HttpRequest, HttpResponse } from '../functions/http.ts';
import type { Instance } from '../functions/instance.ts';
import { type AwsCall, AwsError, type Input, readCall, UnsupportedError } from './call.ts';
import { dynamodbResponse } from './dynamodb.ts';
import type { Role } from './policies.ts';
import type { Grant, Service } from './service.ts';

/** One call of a function, or of somebody outside. */
export type SdkCall = {
  /** 1, 2, … in this world */
  n: number;
  at: number;
  /** absent for a caller from outside, such as the command line */
  function: string | undefined;
  requestId: string | undefined;
  service: AwsCall['service'];
  action: string;
  input: Input;
  /** what the function's role had to allow for it; absent for what was not performed */
  grants?: Grant[];
  /** when it took effect; absent for what did not */
  performedAt?: number;
  /** `ok`, an error's code, or what was injected; absent while under way */
  outcome?: string;
};

/** What happens instead. `…-before`: the call is not performed; `…-after`: it is, and its answer is lost. */
export type Fault =
  | { kind: 'fail-before' }
  | { kind: 'fail-after' }
  | { kind: 'crash-before' }
  | { kind: 'crash-after' }
  | { kind: 'throttle' }
  /** not performed; AWS says why in words of its own, which may quote what it was sent */
  | { kind: 'refuse'; code: string; message: string }
  /** never answered; `performed` or not */
  | { kind: 'time-out'; performed?: boolean }
  /** answered late */
  | { kind: 'delay'; ms: number };

export type Inject = (call: SdkCall) => Fault | undefined;

type Options = {
  clock: Clock;
  services: Partial<Record<AwsCall['service'], Service>>;
  roles: ReadonlyMap<string, Role>;
  inject: Inject | undefined;
  onCall: (call: SdkCall) => void;
  /** told right before a call takes effect, or is refused */
  onPerform?: ((call: SdkCall) => void) | undefined;
};

const THROTTLES: Record<AwsCall['service'], string> = {
  dynamodb: 'ProvisionedThroughputExceededException',
  sqs: 'RequestThrottled',
  sns: 'Throttled',
  cloudwatch: 'ThrottlingException',
  lambda: 'TooManyRequestsException',
  events: 'ThrottlingException',
  sts: 'Throttling',
  ssm: 'ThrottlingException',
};

export function openGate({ clock, services, roles, inject, onCall, onPerform }: Options) {
  let calls = 0;

  const perform = async (
    call: AwsCall,
    instance: Instance | undefined,
    record: SdkCall,
  ): Promise<[HttpResponse, string]> => {
    const service = services[call.service];
    try {
      const grants = service?.grants(call.action, call.input);
      if (!service || !grants) {
        throw new UnsupportedError(
          `the local world does not answer ${call.service} ${call.action}: add it in local/aws/${call.service}.ts`,
        );
      }
      record.grants = grants;
      if (instance) authorize(roles.get(instance.settings.roleArn), instance, grants);
      onPerform?.(record);
      const atMs = clock.nowMs();
      const output = await service.handle(call);
      if (call.service !== 'dynamodb') {
        record.performedAt = atMs;
        return [call.answer(output), 'ok'];
      }
      const response = dynamodbResponse(output as { status: number; body: unknown });
      if (response.status === 200) record.performedAt = atMs;
      return [response, response.status === 200 ? 'ok' : codeOf(response.body)];
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return [call.refuse(error), error.code];
    }
  };

  return async (request: HttpRequest, instance?: Instance): Promise<HttpResponse> => {
    if (instance?.dead) return never();
    clock.touch();
    const call = readCall(request);
    calls += 1;
    const record: SdkCall = {
      n: calls,
      at: clock.nowMs(),
      function: instance?.settings.name,
      requestId: instance?.requestId,
      service: call.service,
      action: call.action,
      input: call.input,
    };
    onCall(record);
    const fault = inject?.(record);
    if (!fault) {
      const [response, outcome] = await perform(call, instance, record);
      record.outcome = outcome;
      clock.touch();
      return instance?.dead ? never() : response;
    }
    record.outcome = fault.kind;
    switch (fault.kind) {
      case 'fail-before':
        return call.refuse(new AwsError('InternalServerError', 'injected: not performed', 500));
      case 'throttle':
        return call.refuse(new AwsError(THROTTLES[call.service], 'injected: slow down'));
      case 'refuse':
        return call.refuse(new AwsError(fault.code, fault.message));
      case 'crash-before':
        instance?.crash(`injected before ${call.service} ${call.action}`);
        return never();
      case 'crash-after':
        await perform(call, instance, record);
        instance?.crash(`injected after ${call.service} ${call.action}`);
        return never();
      case 'fail-after':
        await perform(call, instance, record);
        throw Object.assign(new Error('injected: the answer was lost'), { code: 'ECONNRESET' });
      case 'time-out':
        if (fault.performed) await perform(call, instance, record);
        return never();
      case 'delay': {
        await new Promise<void>((resolve) => clock.at(clock.nowMs() + fault.ms, 'due', resolve));
        if (instance?.dead) return never();
        const [response] = await perform(call, instance, record);
        return response;
      }
    }
  };
}

function authorize(role: Role | undefined, { settings }: Instance, grants: readonly Grant[]): void {
  for (const { action, resource } of grants) {
    if (role?.allows(action, resource)) continue;
    const statement = JSON.stringify({ Effect: 'Allow', Action: action, Resource: resource });
    throw new AwsError(
      'AccessDeniedException',
      `${settings.name} is not authorized to perform ${action} on ${resource}: no statement of its role ${role?.name} allows it. Add ${statement}`,
      action.startsWith('sns:') ? 403 : 400,
    );
  }
}

function codeOf(body: string): string {
  const { __type = 'error' } = JSON.parse(body) as { __type?: string };
  return __type.split('#').at(-1)!;
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
