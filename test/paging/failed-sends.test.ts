import { afterEach, describe, expect, it, vi } from 'vitest';
import { failedSends } from '../../functions/paging/failed-sends.ts';

afterEach(() => vi.restoreAllMocks());

describe('failedSends', () => {
  it.each([
    ['tocsin-page', 'tocsin'],
    ['shop-eu-intake', 'shop-eu'],
    [undefined, 'tocsin'],
  ])('of %s counts 1 under the one dimension service=%s', (functionName, prefix) => {
    const lines: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
    failedSends(functionName)();
    const { _aws, ...values } = JSON.parse(lines.join());
    expect(values).toEqual({ service: prefix, FailedSends: 1 });
    expect(_aws.CloudWatchMetrics).toEqual([
      {
        Namespace: 'Tocsin',
        Dimensions: [['service']],
        Metrics: [{ Name: 'FailedSends', Unit: 'Count' }],
      },
    ]);
  });
});
