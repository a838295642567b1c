import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readDeliveryReports } from '../../functions/paging/delivery-report.ts';

/** As the SNS Developer Guide shows a failed SMS. */
const failure = (messageId: string, providerResponse: string) => ({
  notification: { messageId, timestamp: '2026-11-24 12:00:34.559' },
  delivery: {
    mnc: 0,
    destination: '+12025550101',
    priceInUSD: 0.00645,
    smsType: 'Transactional',
    mcc: 0,
    providerResponse,
    dwellTimeMs: 1420,
    dwellTimeMsUntilDeviceAck: 1692,
  },
  status: 'FAILURE',
});

const packed = (entries: readonly unknown[], messageType = 'DATA_MESSAGE') =>
  gzipSync(
    JSON.stringify({
      messageType,
      owner: '123456789012',
      logGroup: 'sns/eu-west-1/123456789012/DirectPublishToPhoneNumber/Failure',
      logStream: 'a',
      subscriptionFilters: ['tocsin'],
      logEvents: entries.map((entry, index) => ({
        id: String(index),
        timestamp: 1_795_521_634_559,
        message: typeof entry === 'string' ? entry : JSON.stringify(entry),
      })),
    }),
  ).toString('base64');

describe('readDeliveryReports', () => {
  it('reads each failed message once, with its reason', () => {
    const { reports, unreadable } = readDeliveryReports(
      packed([
        failure('m-1', 'Phone number is opted out'),
        failure('m-2', 'Unknown error attempting to reach phone'),
        failure('m-1', 'Phone number is opted out'),
      ]),
    );
    expect(reports).toEqual([
      { messageId: 'm-1', reason: 'not delivered: Phone number is opted out', lasting: true },
      { messageId: 'm-2', reason: 'not delivered: Unknown error attempting to reach phone', lasting: false },
    ]);
    expect(unreadable).toBe(0);
  });

  // The list of the SNS Developer Guide, SMS delivery failure reasons, and two wordings from logs that others published.
  it.each([
    ['Blocked as spam by phone carrier', true],
    ['Destination is on a blocked list', true],
    ['Invalid phone number', true],
    ['Message body is invalid', false],
    ['Phone carrier has blocked this message', true],
    ['Phone carrier is currently unreachable/unavailable', false],
    ['Phone has blocked SMS', true],
    ['Phone is on a blocked list', true],
    ['Phone is currently unreachable/unavailable', false],
    ['Phone number is opted out', true],
    ['This delivery would exceed max price', false],
    ['Unknown error attempting to reach phone', false],
    ['No quota left for account', true],
    ['Sandboxed account unable to send to number.', true],
    ['Something that AWS has not said before', false],
  ])('takes "%s" for lasting: %s', (response, lasting) => {
    expect(readDeliveryReports(packed([failure('m', response)])).reports[0]?.lasting).toBe(lasting);
  });

  it('keeps the phone number out of the reason', () => {
    const { reports } = readDeliveryReports(packed([failure('m', 'Number +12025550101 is opted out')]));
    expect(JSON.stringify(reports)).not.toContain('2025550101');
  });

  it('keeps 200 characters of a reason', () => {
    const [report] = readDeliveryReports(packed([failure('m', 'x'.repeat(300))])).reports;
    expect(report?.reason).toBe(`not delivered: ${'x'.repeat(200)}`);
  });

  it('does not unpack what would fill the function', () => {
    const bomb = gzipSync(Buffer.alloc(33 * 1024 * 1024, 0x20)).toString('base64');
    expect(() => readDeliveryReports(bomb)).toThrow(/Cannot create a Buffer larger than/);
  });

  it('counts what is no report of SNS, and reads the others', () => {
    const { reports, unreadable } = readDeliveryReports(
      packed(['not JSON', { status: 'FAILURE' }, failure('m-1', 'Invalid phone number')]),
    );
    expect({ messages: reports.map(({ messageId }) => messageId), unreadable }).toEqual({
      messages: ['m-1'],
      unreadable: 2,
    });
  });

  it('has nothing in a success, or in the message by which CloudWatch Logs tries a subscription out', () => {
    const success = { ...failure('m-1', 'Message has been accepted by phone carrier'), status: 'SUCCESS' };
    expect(readDeliveryReports(packed([success])).reports).toEqual([]);
    expect(
      readDeliveryReports(packed(['CWL CONTROL MESSAGE: Checking health of destination'], 'CONTROL_MESSAGE')),
    ).toEqual({
      reports: [],
      unreadable: 0,
    });
  });
});
