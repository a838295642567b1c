/** Every token of a link that functions minted, whether its message was sent or not. */
import { linkHash } from '../../functions/shared/table.ts';
import type { SdkCall } from '../../local/aws/gate.ts';
import type { Secret } from '../security/written.ts';
import { randomOf } from '../support/random.ts';

/** Source: functions/paging/link.store.ts. Ids have as many. */
const TOKEN_BYTES = 16;

/** Random bytes for the functions of a world; `tokens`: each draw that may have become a link's token. */
export function randomBytesOf(seed: number) {
  const random = randomOf(seed);
  const tokens: string[] = [];
  return {
    tokens,
    draw(size: number): Buffer {
      const bytes = Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)));
      if (size === TOKEN_BYTES) tokens.push(bytes.toString('base64url'));
      return bytes;
    },
  };
}

/** The table knows a link by its hash: those of the tokens for which some call put a row, or tried to. */
export function mintedLinks(tokens: readonly string[], calls: readonly SdkCall[]): Secret[] {
  const hashes = new Set(
    calls
      .filter(({ action }) => action === 'PutItem')
      .map(({ input }) => (input.Item as { pk: { S: string } }).pk.S)
      .filter((pk) => pk.startsWith('link#'))
      .map((pk) => pk.slice('link#'.length)),
  );
  return tokens.filter((token) => hashes.has(linkHash(token))).map((text) => ({ of: 'a link', text }));
}
