/** From the invocation of intake with a fresh alarm to the arrival of its first page, beside a bare handler. */
import type { Timings } from './event-runner.ts';
import { type Figure, figure, median, medianRatio } from './figure.ts';
import { answerOf, start } from './process.ts';
import { environmentAt, type Workshop } from './workshop.ts';

/** Source: design, Numbers to hold */
const BOUND = 1.15;

export async function measureEventToPublish(workshop: Workshop): Promise<Figure[]> {
  const stub = start(workshop.awsStub, [], {});
  try {
    const address = `http://127.0.0.1:${await answerOf<number>(stub)}`;
    const files = [workshop.bundles.intake.real, workshop.bareHandler];
    const runner = start(workshop.eventRunner, [address, ...files], environmentAt(address));
    const { intake, bare } = await answerOf<{ intake: Timings; bare: Timings }>(runner);
    return [
      figure('event-to-publish', medianRatio(intake.firstMs, bare.firstMs), 'ratio', BOUND),
      figure('event-to-publish:last-page', medianRatio(intake.lastMs, bare.lastMs), 'ratio', null),
      figure('event-to-publish:intake', median(intake.firstMs), 'ms', null),
      figure('event-to-publish:bare', median(bare.firstMs), 'ms', null),
    ];
  } finally {
    stub.disconnect();
  }
}
