/** What a table is: read from a CreateTable request, which in turn is made from the template. */
import { OpsError } from '../../functions/shared/errors.ts';
import { readMap } from './attribute-value.ts';
import { invalid, notSupported } from './refusal.ts';

export type KeyAttribute = { name: string; type: 'S' | 'N' | 'B' };

export type IndexDefinition = {
  name: string;
  hash: KeyAttribute;
  range: KeyAttribute | undefined;
  /** the attributes that a query of it returns, or all */
  projected: 'all' | readonly string[];
};

export type TableDefinition = {
  name: string;
  hash: KeyAttribute;
  range: KeyAttribute | undefined;
  indexes: readonly IndexDefinition[];
};

/** What CreateTable takes; the template's properties have the same names and shapes. */
export const TABLE_PROPERTIES = [
  'AttributeDefinitions',
  'KeySchema',
  'BillingMode',
  'GlobalSecondaryIndexes',
];

/** Properties of AWS::DynamoDB::Table that a laptop has no use for. */
const IGNORED_PROPERTIES = [
  'TableName',
  'DeletionProtectionEnabled',
  'PointInTimeRecoverySpecification',
  'ProvisionedThroughput',
  'OnDemandThroughput',
  'WarmThroughput',
  'ContributorInsightsSpecification',
  'ResourcePolicy',
  'SSESpecification',
  'TableClass',
  'Tags',
  'TimeToLiveSpecification',
];

/**
 * The CreateTable request for a table of the template.
 * @param properties of AWS::DynamoDB::Table
 * @throws OpsError `rejected` for a property that a local table would silently not honour
 */
export function createTableRequest(
  name: string,
  properties: Record<string, unknown>,
): Record<string, unknown> {
  for (const property of Object.keys(properties)) {
    if (!TABLE_PROPERTIES.includes(property) && !IGNORED_PROPERTIES.includes(property)) {
      throw new OpsError('rejected', `the local world does not honour ${property} of AWS::DynamoDB::Table`);
    }
  }
  const taken = TABLE_PROPERTIES.filter((property) => properties[property] !== undefined);
  return {
    TableName: name,
    ...Object.fromEntries(taken.map((property) => [property, properties[property]])),
    BillingMode: 'PAY_PER_REQUEST',
  };
}

/** @param request of CreateTable, or what DescribeTable answers */
export function readTableDefinition(request: Record<string, unknown>): TableDefinition {
  const attributes = (request.AttributeDefinitions ?? []) as AttributeDefinition[];
  const indexes = (request.GlobalSecondaryIndexes ?? []) as SecondaryIndex[];
  const keys = readKeys(request.KeySchema, attributes);
  const keyNames = [keys.hash.name, ...(keys.range ? [keys.range.name] : [])];
  return {
    name: String(request.TableName),
    ...keys,
    indexes: indexes.map((index) => ({
      name: index.IndexName,
      ...readKeys(index.KeySchema, attributes),
      projected: readProjected(index, keyNames),
    })),
  };
}

type AttributeDefinition = { AttributeName: string; AttributeType: KeyAttribute['type'] };
type SecondaryIndex = {
  IndexName: string;
  KeySchema: { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[];
  Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
};

function readKeys(
  schema: unknown,
  attributes: readonly AttributeDefinition[],
): { hash: KeyAttribute; range: KeyAttribute | undefined } {
  const elements = (schema ?? []) as SecondaryIndex['KeySchema'];
  const keyOf = (keyType: 'HASH' | 'RANGE'): KeyAttribute | undefined => {
    const name = elements.find((element) => element.KeyType === keyType)?.AttributeName;
    if (name === undefined) return undefined;
    const type = attributes.find((attribute) => attribute.AttributeName === name)?.AttributeType;
    if (!type) throw invalid(`the key attribute ${name} is missing in AttributeDefinitions`);
    return { name, type };
  };
  const hash = keyOf('HASH');
  if (!hash) throw invalid('KeySchema must have a HASH key');
  return { hash, range: keyOf('RANGE') };
}

function readProjected(index: SecondaryIndex, tableKeys: readonly string[]): IndexDefinition['projected'] {
  const { ProjectionType, NonKeyAttributes = [] } = readMap(
    index.Projection,
    'Projection',
  ) as SecondaryIndex['Projection'];
  if (ProjectionType === 'ALL') return 'all';
  if (ProjectionType !== 'KEYS_ONLY' && ProjectionType !== 'INCLUDE') {
    throw notSupported(`the projection type ${ProjectionType}`);
  }
  return [...index.KeySchema.map(({ AttributeName }) => AttributeName), ...tableKeys, ...NonKeyAttributes];
}
