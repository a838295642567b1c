/** Reads a cloud assembly: the templates that `cdk deploy` would put on AWS, with every intrinsic evaluated. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Attributes, attributesOf, IGNORED_TYPES, type Place } from './template-attributes.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Properties = { [key: string]: Json };

export type Resource = {
  stack: string;
  logicalId: string;
  type: string;
  properties: Properties;
  attributes: Attributes;
};

export type Assembly = {
  resources: Resource[];
  /** the staged directory of an asset, from the `<hash>.zip` that a function's Code names */
  assetDirectory(s3Key: string): string;
};

type RawResource = { Type: string; Properties?: Properties; Condition?: string };
type RawTemplate = {
  Resources?: Record<string, RawResource>;
  Outputs?: Record<string, { Value: Json; Export?: { Name: Json } }>;
};
type Stack = { name: string; template: RawTemplate };

/** What a test changes in the templates before they are read, for example to remove a grant. */
export type EditTemplate = (template: { stack: string; Resources: Record<string, RawResource> }) => void;

/**
 * @param directory  a cloud assembly, such as `cdk.out`
 * @throws Error naming the resource type, intrinsic or condition that the local world does not know
 */
export function readAssembly(directory: string, place: Place, edit?: EditTemplate): Assembly {
  const manifest = readJson(join(directory, 'manifest.json')) as unknown as {
    artifacts: Record<string, { type: string; properties: { templateFile: string; file: string } }>;
  };
  const stacks: Stack[] = [];
  const assets = new Map<string, string>();
  for (const [name, artifact] of Object.entries(manifest.artifacts)) {
    if (artifact.type === 'aws:cloudformation:stack') {
      const template = readJson(join(directory, artifact.properties.templateFile)) as RawTemplate;
      edit?.({ stack: name, Resources: template.Resources ?? {} });
      stacks.push({ name, template });
    }
    if (artifact.type === 'cdk:asset-manifest') {
      const { files = {} } = readJson(join(directory, artifact.properties.file)) as unknown as {
        files?: Record<string, { source: { path: string } }>;
      };
      for (const [hash, { source }] of Object.entries(files)) {
        assets.set(hash, resolve(directory, source.path));
      }
    }
  }
  return {
    resources: resolveStacks(stacks, place),
    assetDirectory(s3Key) {
      const found = assets.get(s3Key.replace(/\.\w+$/, ''));
      if (!found)
        throw new Error(`no asset manifest in ${directory} names ${s3Key}: run the synthesis again`);
      return found;
    },
  };
}

function readJson(file: string): Json {
  return JSON.parse(readFileSync(file, 'utf8')) as Json;
}

function resolveStacks(stacks: Stack[], place: Place): Resource[] {
  const exported = new Map<string, () => Json>();
  const resolved = stacks.map((stack) => {
    const evaluate = evaluator(stack, place, (name) => {
      const value = exported.get(name);
      if (!value) throw new Error(`${stack.name} imports ${name}, which no stack exports`);
      return value();
    });
    for (const { Value, Export } of Object.values(stack.template.Outputs ?? {})) {
      if (Export) exported.set(String(evaluate(Export.Name)), () => evaluate(Value));
    }
    return { stack, evaluate };
  });
  return resolved.flatMap(({ stack, evaluate }) =>
    Object.entries(stack.template.Resources ?? {})
      .filter(([, raw]) => !IGNORED_TYPES.has(raw.Type))
      .map(([logicalId, raw]) => {
        if (raw.Condition)
          throw new Error(`${stack.name}/${logicalId}: conditions are not supported locally`);
        return {
          stack: stack.name,
          logicalId,
          type: raw.Type,
          properties: evaluate(raw.Properties ?? {}) as Properties,
          attributes: evaluate.attributes(logicalId),
        };
      }),
  );
}

type Evaluate = ((value: Json) => Json) & { attributes(logicalId: string): Attributes };

function evaluator(stack: Stack, place: Place, importValue: (name: string) => Json): Evaluate {
  const known = new Map<string, Attributes>();

  const attributes = (logicalId: string): Attributes => {
    const before = known.get(logicalId);
    if (before) return before;
    const raw = stack.template.Resources?.[logicalId];
    if (!raw) throw new Error(`${stack.name} has no resource or pseudo parameter ${logicalId}`);
    const property = (name: string) => {
      const value = raw.Properties?.[name];
      return value === undefined ? undefined : String(evaluate(value));
    };
    const made = attributesOf(raw.Type, stack.name, logicalId, property, place);
    known.set(logicalId, made);
    return made;
  };

  const reference = (name: string): string => {
    switch (name) {
      case 'AWS::AccountId':
        return place.account;
      case 'AWS::Region':
        return place.region;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return stack.name;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${place.region}:${place.account}:stack/${stack.name}/local`;
      default:
        return attributes(name).Ref;
    }
  };

  const attribute = (logicalId: string, name: string): string => {
    const value = attributes(logicalId)[name];
    if (value === undefined) {
      const type = stack.template.Resources?.[logicalId]?.Type;
      throw new Error(
        `${stack.name}/${logicalId}: ${type} has no attribute ${name} in local/template-attributes.ts`,
      );
    }
    return value;
  };

  const substitute = (text: string, variables: Record<string, Json>): string =>
    text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (name in variables) return String(evaluate(variables[name]!));
      const dot = name.indexOf('.');
      return dot < 0 ? reference(name) : attribute(name.slice(0, dot), name.slice(dot + 1));
    });

  const intrinsic = (name: string, argument: Json): Json => {
    const list = () => (evaluate(argument) as Json[]) ?? [];
    switch (name) {
      case 'Ref':
        return reference(String(argument));
      case 'Fn::GetAtt': {
        const [logicalId, attributeName] =
          typeof argument === 'string' ? argument.split(/\.(.*)/s) : (argument as string[]);
        return attribute(logicalId!, attributeName!);
      }
      case 'Fn::Sub': {
        const [text, variables] = typeof argument === 'string' ? [argument, {}] : (argument as Json[]);
        return substitute(String(text), variables as Record<string, Json>);
      }
      case 'Fn::Join': {
        const [separator, parts] = list();
        return (parts as Json[]).join(String(separator));
      }
      case 'Fn::Select': {
        const [index, choices] = list();
        return (choices as Json[])[Number(index)]!;
      }
      case 'Fn::Split': {
        const [separator, text] = list();
        return String(text).split(String(separator));
      }
      case 'Fn::ImportValue':
        return importValue(String(evaluate(argument)));
      default:
        throw new Error(
          `${stack.name}: the intrinsic ${name} is not supported locally: add it in local/template.ts`,
        );
    }
  };

  const evaluate = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(evaluate);
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (
      entries.length === 1 &&
      only &&
      /^(Ref|Condition|Fn::\w+)$/.test(only[0]) &&
      !isPolicyCondition(only)
    ) {
      return intrinsic(only[0], only[1]);
    }
    return Object.fromEntries(entries.map(([key, inner]) => [key, evaluate(inner)]));
  };

  return Object.assign(evaluate, { attributes });
}

/** `Condition` is an intrinsic when it names one, and a plain element of a policy statement otherwise. */
function isPolicyCondition([name, value]: [string, Json]): boolean {
  return name === 'Condition' && typeof value !== 'string';
}

export function ofType(resources: readonly Resource[], type: string): Resource[] {
  return resources.filter((one) => one.type === type);
}

/** Where CloudFormation takes one or several. */
export function asList(value: Json | undefined): Json[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
