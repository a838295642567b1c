/** An installation of Tocsin, as an operator reaches it: a running local world, or the stacks in an AWS account. */
import type { Finding } from '../functions/doctor/contract.ts';

export type Installation = {
  /** said first, so that nobody answers elsewhere than they think: `local world at http://127.0.0.1:4600` */
  name: string;
  /**
   * What a function of the installation answers.
   * @param name  of the function, less the installation's prefix
   * @throws OpsError that says what to do, whatever refused
   */
  invoke(name: 'operate' | 'audit', payload: unknown): Promise<unknown>;
  /** What can be seen without its functions. */
  look(): Promise<Finding[]>;
};

/** Where a local world is kept unless somebody says otherwise. */
export const DATA_DIR = '.tocsin';

export type InstallationOptions = {
  target: 'local' | 'aws';
  /** of every name in the stacks */
  prefix: string;
  /** of the local world */
  dataDir: string;
};

/** Loads one of the two only, and with it its SDK clients. */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  if (options.target === 'aws') {
    const { openAwsAccount } = await import('./aws-account.ts');
    return openAwsAccount(options.prefix);
  }
  const { openLocalWorld } = await import('./local-world.ts');
  return openLocalWorld(options.dataDir, options.prefix);
}
