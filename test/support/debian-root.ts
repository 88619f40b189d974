import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'

/** Which packages a root folder holds, with everything that they depend on. */
export interface DebianPackages {
  readonly packages: readonly string[]
  /** Dependencies that nothing in a container calls. */
  readonly without: RegExp
}

/**
 * Lays out this machine's Debian packages in a folder, as a container sees them.
 * They are unpacked, not installed: no script of theirs runs and nothing on this machine changes.
 */
export async function makeDebianRoot(root: string, work: string, wanted: DebianPackages): Promise<void> {
  const debs = join(work, 'debs')
  mkdirSync(debs, { recursive: true })
  await runCommand('apt-get', [...asRoot, 'download', '-qq', ...(await findClosure(wanted))], {
    folder: debs,
    seconds: 300,
  })
  for (const folder of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(root, 'usr', folder), { recursive: true })
    symlinkSync(join('usr', folder), join(root, folder))
  }
  for (const name of readdirSync(debs).sort()) await unpack(join(debs, name), root)
  writeAccounts(root)
  for (const part of ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'usr/share/info', 'boot'])
    rmSync(join(root, part), { recursive: true, force: true })
  // Links that the packages' scripts would make.
  for (const [link, target] of [
    ['awk', 'mawk'],
    ['sh', 'dash'],
    ['which', 'which.debianutils'],
  ] as const)
    if (!existsSync(join(root, 'usr/bin', link)) && existsSync(join(root, 'usr/bin', target)))
      symlinkSync(target, join(root, 'usr/bin', link))
  for (const folder of ['tmp', 'var/tmp']) {
    mkdirSync(join(root, folder), { recursive: true })
    chmodSync(join(root, folder), 0o1777)
  }
  await runCommand('ldconfig', ['-r', root])
}

// Packages come into a folder that only root may read: apt's own user has no way in.
const asRoot = ['-o', 'APT::Sandbox::User=root']

/** Asks apt what it would install on a machine that has nothing. */
async function findClosure({ packages, without }: DebianPackages): Promise<readonly string[]> {
  const empty = ['-o', 'Dir::State::status=/dev/null', '-o', 'APT::Install-Recommends=false']
  const plan = await runCommand('apt-get', ['-s', ...empty, 'install', ...packages]).catch(error => {
    throw new Error(`run \`apt-get update\`: ${error instanceof Error ? error.message : String(error)}`)
  })
  return plan
    .split('\n')
    .flatMap(line => /^Inst (\S+)/.exec(line)?.[1] ?? [])
    .filter(name => !without.test(name))
}

const reading = 'dpkg-deb'

/** `dpkg -x` would replace the links of the merged /usr by folders; tar can be told not to. */
async function unpack(deb: string, root: string): Promise<void> {
  const archive = `${deb}.tar`
  const output = openSync(archive, 'w')
  try {
    const reader = spawn(reading, ['--fsys-tarfile', deb], { stdio: ['ignore', output, 'inherit'] })
    const [code] = await once(reader, 'close')
    if (code !== 0) throw new Error(`${deb} cannot be read`)
  } finally {
    closeSync(output)
  }
  await runCommand('tar', ['-x', '-p', '--keep-directory-symlink', '-C', root, '-f', archive])
  rmSync(archive)
}

function writeAccounts(root: string): void {
  mkdirSync(join(root, 'etc'), { recursive: true })
  writeFileSync(
    join(root, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/bash\npostgres:x:999:999::/var/lib/postgresql:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
  )
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\ntty:x:5:\npostgres:x:999:\nnogroup:x:65534:\n')
}
