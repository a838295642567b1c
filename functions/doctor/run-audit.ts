/** What the audit function is asked: by its schedules, and by `tocsin doctor`. */
import * as z from 'zod/mini';
import { OpsError } from '../shared/errors.ts';
import { type AuditPorts, auditContacts, tellDaily } from './audit-contacts.ts';
import type { AuditAnswer, AuditEvent, Finding } from './contract.ts';
import { type DoctorPorts, examine, examineRest } from './doctor.ts';
import { contactFindings } from './look-at-contacts.ts';

const Event = z.discriminatedUnion('audit', [
  z.object({ audit: z.literal('contacts') }),
  z.object({ audit: z.literal('all') }),
  z.object({ audit: z.literal('doctor'), fix: z.optional(z.boolean()) }),
]);

/** @throws OpsError `rejected` for anything that is not an {@link AuditEvent} */
export async function runAudit(event: unknown, ports: AuditPorts & DoctorPorts): Promise<AuditAnswer> {
  const parsed = Event.safeParse(event);
  if (!parsed.success) {
    throw new OpsError(
      'rejected',
      `not an audit: send {"audit":"contacts"}, {"audit":"all"} or {"audit":"doctor"}`,
    );
  }
  const findings = await run(parsed.data satisfies AuditEvent, ports);
  return { kind: 'ok', findings, checkedAt: ports.nowMs() };
}

async function run(event: AuditEvent, ports: AuditPorts & DoctorPorts): Promise<Finding[]> {
  if (event.audit === 'doctor') return examine(ports, { fix: event.fix ?? false });
  const seen = await auditContacts(ports);
  const contacts = contactFindings(seen, ports.operations);
  if (event.audit === 'contacts') return contacts;
  const rest = await examineRest(seen, ports);
  await tellDaily(rest, ports);
  return [...contacts, ...rest];
}
