/** The message that tries a contact out. It must not be taken for a page, at three in the morning least of all. */
import type { PageChannel } from '../operations/operations.ts';
import type { Message } from './sns.sender.ts';

export function renderVerificationMessage(channel: PageChannel, link: string): Message {
  if (channel === 'sms')
    return { subject: '', body: `Tocsin test, nothing is broken. Did it arrive? Say so:\n${link}` };
  return {
    subject: 'Tocsin test: nothing is broken',
    body: `This is a test of the way on which Tocsin pages you. Nothing is broken, and there is nothing to acknowledge.

Did it arrive? Say so, so that your team knows:
${link}

The link works for 24 hours.`,
  };
}
