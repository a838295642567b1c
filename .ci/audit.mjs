/**
 * Asks the registry for known vulnerabilities of every package; 1 when it knows one. It may be out of reach: that is said,
 * and is 1 as well on GitHub, where nothing but trouble stands between us and it.
 */
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/**
 * @param {string} report  what `npm audit --json` prints
 * @returns {{ kind: 'clean' | 'not-asked' | 'vulnerable', lines: string[] }}
 */
export function judgeAudit(report) {
  let read;
  try {
    read = JSON.parse(report);
  } catch {
    read = { message: `npm audit printed no JSON: ${report.slice(0, 200)}` };
  }
  if (!read?.auditReportVersion || !read.metadata) {
    const why = read?.message ?? read?.error?.summary ?? 'no reason given';
    const lines = [
      'NOT CHECKED: the registry could not be asked. Vulnerabilities are NOT known to be absent.',
      why,
    ];
    return { kind: 'not-asked', lines };
  }
  const found = Object.values(read.vulnerabilities ?? {});
  const lines = found.map(({ name, severity, range, via }) => {
    const titles = via.flatMap((one) => (typeof one === 'string' ? [] : [`${one.title} ${one.url}`]));
    return `${severity}  ${name} ${range}${titles.length > 0 ? `: ${titles.join('; ')}` : ''}`;
  });
  if (found.length === 0) {
    const { total } = read.metadata.dependencies ?? {};
    return { kind: 'clean', lines: [`no known vulnerability in ${total} packages`] };
  }
  return { kind: 'vulnerable', lines };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  // Tools too: what builds and deploys runs with more rights than what is deployed.
  const { stdout } = spawnSync('npm', ['audit', '--json'], { encoding: 'utf8', timeout: 120_000 });
  const { kind, lines } = judgeAudit(stdout ?? '');
  for (const line of lines) console.log(line);
  const mustBeAsked = process.env.GITHUB_ACTIONS === 'true';
  process.exitCode = kind === 'vulnerable' || (kind === 'not-asked' && mustBeAsked) ? 1 : 0;
}
