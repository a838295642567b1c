/**
 * The LevelDB 1.20 beneath dynalite may bring an older value of a key back. It keeps several values of one key while
 * somebody iterates; where a compaction ends a file between two of them, and the file with the newer one moves down a
 * level alone, the older one is found first. Source: google/leveldb#320, mended in 1.23; classic-level 3.0.0 builds 1.20.
 * `npm run soak` met it: an alert stood as it had opened, beside a timeline that told of what came after.
 * Files of 64 MB instead of 2 end less often. That makes it rarer, and does not mend it.
 */
import { createRequire } from 'node:module';

type Options = { maxFileSize?: number };
type LevelClass = { prototype: { _open(options: Options): Promise<void> } };

/** 25 times as much has to be an `int`. Source: ExpandedCompactionByteSizeLimit in LevelDB's version_set.cc */
const FILE_MOST_BYTES = 64 * 2 ** 20;

let isSet = false;

/** From now on every table on disk is opened so; dynalite has no option for it. */
export function useLargeFiles(): void {
  if (isSet) return;
  isSet = true;
  const require = createRequire(import.meta.url);
  const { Level } = createRequire(require.resolve('dynalite'))('level') as { Level: LevelClass };
  const open = Level.prototype._open;
  Level.prototype._open = function (this: unknown, options) {
    return open.call(this, { ...options, maxFileSize: FILE_MOST_BYTES });
  };
}
