/** Subscriptions as SNS keeps them: asked for anew, and confirmed by a signed call. */
import {
  ConfirmSubscriptionCommand,
  InvalidParameterException,
  NotFoundException,
  type SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';

export type Subscriptions = {
  /** AWS sends an email whose link confirms it; one that waits for its confirmation is sent again. */
  subscribe(topicArn: string, email: string): Promise<void>;
  /**
   * Confirms so that only a signed call can end it.
   * @returns false when SNS does not take the token: used, older than AWS keeps it, or cut
   */
  confirm(topicArn: string, token: string): Promise<boolean>;
};

export function snsSubscriptions(client: SNSClient): Subscriptions {
  return {
    async subscribe(TopicArn, Endpoint) {
      await client.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint }));
    },
    async confirm(TopicArn, Token) {
      try {
        await client.send(
          new ConfirmSubscriptionCommand({ TopicArn, Token, AuthenticateOnUnsubscribe: 'true' }),
        );
        return true;
      } catch (error) {
        if (error instanceof InvalidParameterException || error instanceof NotFoundException) return false;
        throw error;
      }
    },
  };
}
