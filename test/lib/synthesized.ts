/** The stacks as they would be deployed, and their resources by the names a reader knows. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { defineOperations } from '../../functions/operations/define-operations.ts';
import { buildBundles } from '../../lib/build-bundles.ts';
import type { SynthesizeProps } from '../../lib/synth-app.ts';
import { TocsinApp } from '../../lib/tocsin-app.ts';

// biome-ignore lint/suspicious/noExplicitAny: CloudFormation's properties have no type here; the assertions say their shape.
type Properties = Record<string, any>;
export type Resource = { Type: string; Properties: Properties; [attribute: string]: unknown };
export type Template = { Resources: Record<string, Resource>; Outputs: Record<string, { Value: unknown }> };

export const TWO_RESPONDERS = defineOperations({
  responders: {
    ada: { email: 'ada@example.com', phone: '+12025550101' },
    ben: { email: 'ben@example.com', phone: '+12025550102' },
  },
});

let building: Promise<void> | undefined;

/** Writes an assembly into a folder that goes when the test file ends. */
export async function synthesizeForTest(options: Partial<Omit<SynthesizeProps, 'outdir' | 'nag'>> = {}) {
  const outdir = mkdtempSync(join(tmpdir(), 'tocsin-test-'));
  afterAll(() => rmSync(outdir, { recursive: true }));
  building ??= buildBundles();
  await building;
  const app = new TocsinApp({ operations: TWO_RESPONDERS, ...options, outdir, nag: false });
  const { templates } = app.write();
  return { outdir, state: readTemplate(templates.state), operations: readTemplate(templates.operations) };
}

export function resourcesOf(template: Template, type: string): Resource[] {
  return Object.values(template.Resources).filter((resource) => resource.Type === type);
}

/** The one resource of a type that has this property. */
export function resourceWith(
  template: Template,
  type: string,
  property: string,
  value: string,
): Resource & { id: string } {
  const found = Object.entries(template.Resources).filter(
    ([, resource]) => resource.Type === type && resource.Properties[property] === value,
  );
  if (found.length !== 1) throw new Error(`${found.length} of ${type} have ${property} ${value}`);
  const [id, resource] = found[0]!;
  return { ...resource, id };
}

/** What a reference points at, by its name: `queue tocsin-due`, `topic tocsin-watchers`, `table`, `table/index/due`. */
export function nameOf(template: Template, reference: unknown): string {
  if (typeof reference === 'string') return reference;
  const {
    Ref,
    'Fn::GetAtt': attribute,
    'Fn::ImportValue': imported,
    'Fn::Join': join,
  } = reference as Properties;
  if (typeof imported === 'string' && imported.startsWith('tocsin-state:')) return 'table';
  if (join) return join[1].map((part: unknown) => nameOf(template, part)).join('');
  const id: string = Ref ?? attribute?.[0];
  const properties = template.Resources[id]?.Properties;
  if (!properties) return id;
  const name =
    properties.QueueName ?? properties.TopicName ?? properties.LogGroupName ?? properties.FunctionName;
  return name === undefined ? id : nameOf(template, name);
}

function readTemplate(file: string): Template {
  return JSON.parse(readFileSync(file, 'utf8'));
}
