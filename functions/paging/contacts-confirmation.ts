/** Reads the link in the email with which AWS has a subscription confirmed. */

/** Tokens are hex, as long as AWS has ever made them and more. */
const TOKEN = /^[\w-]{1,1024}$/;

/**
 * Both forms are understood: `…/confirmation.html?TopicArn=…&Token=…&Endpoint=…`, and the API's own `…/?Action=ConfirmSubscription&…`.
 * The address is not visited, so its host does not matter; whose topic it is does.
 */
export function parseConfirmationLink(link: string): { topicArn: string; token: string } | undefined {
  // Mail programs copy the markup's ampersands as well.
  const text = link.trim().replaceAll('&amp;', '&');
  if (!URL.canParse(text)) return undefined;
  const query = new URL(text).searchParams;
  const topicArn = query.get('TopicArn');
  const token = query.get('Token');
  return topicArn && token && TOKEN.test(token) ? { topicArn, token } : undefined;
}
