/** The state: one table, kept apart from what runs, and kept when the stack goes. */
import { CfnOutput, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { DUE_INDEX, FEED_INDEX } from '../functions/shared/table.ts';
import { type LambdaFunction, setEnvironment } from './function.ts';
import { checkPrefix, DEFAULT_PREFIX } from './prefix.ts';

export type StateProps = {
  /** @default 'tocsin' */
  readonly prefix?: string;
};

type TableAction = 'GetItem' | 'BatchGetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query';

/** What a function may do, and where: on the items, or in one index. */
export type TableGrants = {
  readonly items?: readonly TableAction[];
  readonly due?: readonly 'Query'[];
  readonly feed?: readonly 'Query'[];
};

export class State extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: StateProps = {}) {
    super(scope, id);
    const prefix = checkPrefix(props.prefix ?? DEFAULT_PREFIX);
    // The plain table, not the global one: any CloudFormation takes it. A second Region stays possible (see docs/adr).
    this.table = new Table(this, 'Table', {
      tableName: `${prefix}-state`,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expiresAtEpochS',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    // Sparse: only what is due, or listed, has these attributes.
    this.table.addGlobalSecondaryIndex({
      indexName: DUE_INDEX,
      partitionKey: { name: 'dueShard', type: AttributeType.STRING },
      sortKey: { name: 'dueAt', type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: FEED_INDEX,
      partitionKey: { name: 'feed', type: AttributeType.STRING },
      sortKey: { name: 'feedAt', type: AttributeType.NUMBER },
      projectionType: ProjectionType.KEYS_ONLY,
    });
    Tags.of(this).add('Application', prefix);
    new CfnOutput(this, 'TableName', { value: this.table.tableName });
  }

  /** Tells the function which table, and lets it do exactly this. */
  connect(fn: LambdaFunction, grants: TableGrants): void {
    setEnvironment<{ TABLE_NAME: string }>(fn, { TABLE_NAME: this.table.tableName });
    this.allow(fn, grants.items, this.table.tableArn);
    this.allow(fn, grants.due, `${this.table.tableArn}/index/${DUE_INDEX}`);
    this.allow(fn, grants.feed, `${this.table.tableArn}/index/${FEED_INDEX}`);
  }

  private allow(fn: LambdaFunction, actions: readonly TableAction[] = [], resource: string): void {
    if (actions.length === 0) return;
    fn.addToRolePolicy(
      new PolicyStatement({ actions: actions.map((one) => `dynamodb:${one}`), resources: [resource] }),
    );
  }
}
