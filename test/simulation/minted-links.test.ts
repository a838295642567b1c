import { describe, expect, it } from 'vitest';
import { keys } from '../../functions/shared/table.ts';
import type { SdkCall } from '../../local/aws/gate.ts';
import { mintedLinks, randomBytesOf } from './minted-links.ts';

const put = ({ pk }: { pk: string }, outcome: string): SdkCall => ({
  n: 1,
  at: 0,
  function: 'tocsin-page',
  requestId: 'r',
  service: 'dynamodb',
  action: 'PutItem',
  input: { Item: { pk: { S: pk } } },
  outcome,
});

describe('mintedLinks', () => {
  it('has each draw of 16 bytes that became a link, also when its row was refused, and no other', () => {
    const { draw, tokens } = randomBytesOf(1);
    const [first, second, id, short] = [16, 16, 16, 6].map((size) => draw(size).toString('base64url'));
    expect(tokens).toEqual([first, second, id]);
    const calls = [
      put(keys.link(first!), 'ok'),
      put(keys.link(second!), 'throttle'),
      put(keys.link(short!), 'ok'),
      put(keys.alert('1'), 'ok'),
    ];
    expect(mintedLinks(tokens, calls).map(({ text }) => text)).toEqual([first, second]);
  });

  it('draws the same bytes for a seed each time', () => {
    expect(randomBytesOf(7).draw(32)).toEqual(randomBytesOf(7).draw(32));
    expect(randomBytesOf(7).draw(32)).not.toEqual(randomBytesOf(8).draw(32));
  });
});
