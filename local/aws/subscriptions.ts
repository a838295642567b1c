/** Subscriptions to SNS topics: an email has to be confirmed by who receives it, and can be lost again. */
import type { Clock } from '../clock.ts';
import { type RandomBytes, uuidOf } from '../functions/sandbox.ts';
import type { Kept } from '../kept-state.ts';
import { AwsError } from './call.ts';
import type { Queue } from './queue.ts';

/** What the template declares. */
export type DeclaredSubscription = { topicArn: string } & (
  | { protocol: 'sms' | 'email'; endpoint: string }
  | { protocol: 'sqs'; endpoint: string; queue: Queue; raw: boolean }
);

type Standing = {
  arn: string;
  state: 'pending' | 'confirmed' | 'deleted';
  /** confirmed by a signed call, so that only its owner may end it */
  authenticated: boolean;
  token: string;
  /** epoch milliseconds; of a pending one */
  pendingSince: number;
  /** a stack made it, and takes it away when it is no longer in its template */
  declared: boolean;
};

export type Subscription = DeclaredSubscription & Standing;

/** Without the queues, which every world has anew. */
export type KeptSubscription = Exclude<Subscription, { protocol: 'sqs' }>;

/** `confirmed`: by a signed call; `unauthenticated`: by a click on the link. */
export type SubscriptionChange = 'pending' | 'confirmed' | 'unauthenticated' | 'deleted';

export type Subscriptions = ReturnType<typeof openSubscriptions>;

/** Source: aws-facts, SNS: not confirmed within 48 h, it is deleted. */
const CONFIRM_WITHIN_MS = 48 * 3_600_000;
/** Source: aws-facts, SNS: more than that to one email address suspends its subscription. */
const EMAILS_PER_SECOND = 10;

type Options = {
  clock: Clock;
  region: string;
  account: string;
  declared: readonly DeclaredSubscription[];
  kept: Kept<KeptSubscription[]>;
  /** of its ARNs and tokens */
  randomBytes: RandomBytes;
  /** told of the email by which AWS asks for a confirmation */
  ask(subscription: Subscription, email: { subject: string; body: string }): void;
};

/** What the template declares stands confirmed and authenticated, until the world says otherwise. */
export function openSubscriptions({ clock, region, account, declared, kept, randomBytes, ask }: Options) {
  const all: Subscription[] = [];
  const recentEmails = new Map<string, number[]>();

  const save = () => kept.save(all.filter((one): one is KeptSubscription => one.protocol !== 'sqs'));
  const add = (one: DeclaredSubscription, rest: Partial<Standing>): Subscription => {
    const made: Subscription = {
      ...one,
      arn: `${one.topicArn}:${uuidOf(randomBytes)}`,
      state: 'confirmed',
      authenticated: true,
      token: '',
      pendingSince: 0,
      declared: false,
      ...rest,
    };
    all.push(made);
    return made;
  };
  const isSame = (one: DeclaredSubscription, other: DeclaredSubscription) =>
    one.topicArn === other.topicArn && one.protocol === other.protocol && one.endpoint === other.endpoint;

  for (const one of kept.before ?? []) {
    // One that a deploy took out of the template is gone; one that somebody deleted does not come back by it.
    if (!one.declared || declared.some((other) => isSame(one, other))) all.push(one);
  }
  const declare = (wanted: readonly DeclaredSubscription[]) => {
    for (const one of wanted) if (!all.some((other) => isSame(one, other))) add(one, { declared: true });
    save();
  };
  declare(declared);

  const expire = () => {
    for (const one of all) {
      if (one.state === 'pending' && clock.nowMs() >= one.pendingSince + CONFIRM_WITHIN_MS)
        one.state = 'deleted';
    }
  };
  const suspend = (one: Subscription) => {
    Object.assign(one, {
      state: 'pending',
      authenticated: false,
      token: randomBytes(64).toString('hex'),
      pendingSince: clock.nowMs(),
    });
    save();
  };
  /** Where no confirmation is asked for, it stands at once. */
  const begin = (one: Subscription) => {
    if (one.protocol !== 'email') return;
    suspend(one);
    ask(one, confirmationEmail(one, region));
  };
  const find = (topicArn: string, endpoint: string) => {
    expire();
    return all.find((one) => one.topicArn === topicArn && one.endpoint === endpoint);
  };

  return {
    account,
    /** A deploy's, beside those that stand. */
    declare,
    /** Everything that is not deleted. */
    ofTopic(topicArn: string): Subscription[] {
      expire();
      return all.filter((one) => one.topicArn === topicArn && one.state !== 'deleted');
    },
    byArn(arn: string): Subscription | undefined {
      expire();
      return all.find((one) => one.arn === arn && one.state !== 'deleted');
    },
    /** One that is confirmed stays so; a pending one is asked again. */
    subscribe(topicArn: string, protocol: 'sms' | 'email', endpoint: string): Subscription {
      const standing = find(topicArn, endpoint);
      if (standing?.state === 'confirmed') return standing;
      if (standing?.state === 'deleted') all.splice(all.indexOf(standing), 1);
      const one =
        standing?.state === 'pending'
          ? standing
          : add(
              { topicArn, protocol, endpoint },
              { authenticated: false, declared: standing?.declared ?? false },
            );
      begin(one);
      save();
      return one;
    },
    /** @throws AwsError for a token that is none, or is too old */
    confirm(topicArn: string, token: string, authenticated: boolean): Subscription {
      expire();
      const one = all.find((other) => other.topicArn === topicArn && other.token === token && token !== '');
      if (!one || one.state === 'deleted') throw new AwsError('InvalidParameter', 'Invalid parameter: Token');
      // A second confirmation changes nothing: whoever came first has decided whether it is authenticated.
      if (one.state === 'pending') Object.assign(one, { state: 'confirmed', authenticated });
      save();
      return one;
    },
    /** @throws AwsError when only its owner may, and nobody has signed */
    unsubscribe(arn: string, isSigned: boolean): void {
      const one = all.find((other) => other.arn === arn);
      if (!one || one.state === 'deleted') return;
      if (one.authenticated && !isSigned)
        throw new AwsError('AuthorizationError', 'User is not authorized to perform: SNS:Unsubscribe', 403);
      one.state = 'deleted';
      save();
    },
    /**
     * Counts an email that is about to go there.
     * @returns false when it is one too many within a second: the subscription is suspended now
     */
    mayReceive(one: Subscription): boolean {
      const nowMs = clock.nowMs();
      const recent = (recentEmails.get(one.endpoint) ?? []).filter((at) => at > nowMs - 1_000);
      recentEmails.set(one.endpoint, [...recent, nowMs]);
      if (recent.length < EMAILS_PER_SECOND) return true;
      suspend(one);
      return false;
    },
    /**
     * Lets something happen to a topic's emails, as from outside; `pending` sends what asks for a confirmation.
     * @param endpoint  one of them; default: all
     * @returns how many it happened to
     */
    put(topicArn: string, state: SubscriptionChange, endpoint?: string): number {
      const found = all.filter(
        (one) =>
          one.topicArn === topicArn &&
          one.protocol === 'email' &&
          (endpoint === undefined || one.endpoint === endpoint),
      );
      for (const one of found) {
        if (state === 'pending') begin(one);
        else if (state === 'deleted') one.state = 'deleted';
        else Object.assign(one, { state: 'confirmed', authenticated: state === 'confirmed' });
      }
      save();
      return found.length;
    },
    /** What an audit can see of them, as one text that differs when something does. */
    fingerprint(): string {
      expire();
      return all.map(({ arn, state, authenticated }) => `${arn} ${state} ${authenticated}`).join();
    },
  };
}

function confirmationEmail({ topicArn, token, endpoint }: Subscription, region: string) {
  const link = `https://sns.${region}.amazonaws.com/confirmation.html?TopicArn=${topicArn}&Token=${token}&Endpoint=${endpoint}`;
  return {
    subject: 'AWS Notification - Subscription Confirmation',
    body: `You have chosen to subscribe to the topic:
${topicArn}

To confirm this subscription, click or visit the link below (If this was in error no action is necessary):
${link}

Please do not reply directly to this email.`,
  };
}
