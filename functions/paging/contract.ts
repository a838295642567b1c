/** What the stack and everything that publishes pages agree on. */

export type PagingEnv = {
  /** ARN of a responder's topic, less the responder's name: `arn:aws:sns:eu-west-1:123456789012:tocsin-responder-` */
  RESPONDER_TOPIC_ARN_PREFIX: string;
  WATCHERS_TOPIC_ARN: string;
  /** `https://….execute-api.….amazonaws.com`, no slash at its end; the link is `<ANSWER_URL>/a/<token>` */
  ANSWER_URL: string;
};

/** Environment of `page.handler.ts`, the consumer of the due queue. */
export type PageEnv = PagingEnv & { TABLE_NAME: string; DUE_QUEUE_URL: string };

/** Environment of `delivery.handler.ts`, which reads the delivery reports of SMS that failed. */
export type DeliveryEnv = Pick<PageEnv, 'DUE_QUEUE_URL'>;

/** EMF metric: messages that SNS refused, or reported as not delivered. */
export const FAILED_SENDS_METRIC = 'FailedSends';
