/**
 * DynamoDB, SQS and SNS in a process of its own: each call is answered at once with what a first page meets, and its
 * arrival noted on the clock that all processes of a machine share. `GET /arrivals` tells them and forgets them.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monotonicMs } from './figure.ts';

export type Arrival = { call: string; atMs: number };

const ANSWERS: Record<string, string> = {
  GetItem: '{}',
  PutItem: '{}',
  UpdateItem: '{"Attributes":{"version":{"N":"1"},"leaseUntil":{"N":"1"},"leaseId":{"S":"lease"}}}',
  SendMessageBatch: '{"Successful":[]}',
  Publish:
    '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId>' +
    '</PublishResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></PublishResponse>',
};

let arrivals: Arrival[] = [];

const server = createServer((request, response) => {
  const atMs = monotonicMs();
  const call = callOf(request);
  const answer = request.method === 'GET' ? JSON.stringify(arrivals) : ANSWERS[call];
  if (request.method === 'GET') arrivals = [];
  else arrivals.push({ call, atMs });
  response.statusCode = answer === undefined ? 501 : 200;
  response.setHeader('content-type', call === 'Publish' ? 'text/xml' : 'application/x-amz-json-1.0');
  request.resume().on('end', () => response.end(answer));
});

/** `DynamoDB_20120810.GetItem`; SNS alone sends forms, without this header. */
function callOf({ headers }: IncomingMessage): string {
  return String(headers['x-amz-target'] ?? '.Publish').split('.')[1] ?? '';
}

server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', () => process.exit());
