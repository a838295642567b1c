/** Placeholder while the parts are being written: replaced by the composition. */
export const handler = async (): Promise<void> => {
  throw new Error('not composed yet');
};
