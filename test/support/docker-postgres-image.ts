import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DebianPackages, makeDebianRoot } from './debian-root.ts'
import { runCommand } from './run-command.ts'

/** How an image of the tests is made. */
export interface ImageRecipe {
  readonly name: string
  /** What goes in, as data: another answer makes another image. */
  readonly ingredients: unknown
  readonly files: readonly string[]
  /** Instructions for `docker import -c`. */
  readonly changes: readonly string[]
  build(root: string, work: string): Promise<void>
}

const scripts = ['docker-entrypoint.sh', 'gosu'].map(name =>
  fileURLToPath(new URL(`../fixtures/images/${name}`, import.meta.url)),
)

const packages: DebianPackages = {
  packages: [
    'postgresql',
    ...['bash', 'dash', 'coreutils', 'findutils', 'grep', 'sed', 'mawk', 'procps', 'hostname'],
    ...['libc-bin', 'perl-base', 'tzdata', 'util-linux'],
  ],
  // JIT's compiler and Debian's own cluster management are half of the closure, and the official image works without either.
  without:
    /^(libllvm|libz3|perl$|perl-modules|libperl|lib.*-perl$|postgresql$|postgresql-.*common|ssl-cert|adduser|locales|libc-l10n|debconf|dpkg|ucf|sensible-utils|usrmerge|init-system-helpers|sysvinit-utils|lsb-base|login|passwd|gcc-.*-base)/,
}

/** A real PostgreSQL with its client programs and an entrypoint that behaves as the official image's. */
export const postgresImage: ImageRecipe = {
  name: 'lockstep-test-postgres',
  ingredients: [packages.packages, String(packages.without), 1],
  files: scripts,
  changes: [
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/postgresql/bin',
    'ENV PGDATA=/var/lib/postgresql/data',
    'ENV LANG=C.UTF-8',
    'ENTRYPOINT ["docker-entrypoint.sh"]',
    'CMD ["postgres"]',
    'EXPOSE 5432',
  ],
  async build(root, work) {
    await makeDebianRoot(root, work, packages)
    const place = join(root, 'usr/lib/postgresql')
    const [major = ''] = readdirSync(place)
    symlinkSync(join(major, 'bin'), join(place, 'bin'))
    for (const name of readdirSync(join(place, major, 'lib')).filter(name => /^(bitcode|llvmjit)/.test(name)))
      rmSync(join(place, major, 'lib', name), { recursive: true })
    listenEverywhere(join(root, `usr/share/postgresql/${major}/postgresql.conf.sample`))
    mkdirSync(join(root, 'usr/local/bin'), { recursive: true })
    for (const script of scripts) cpSync(script, join(root, 'usr/local/bin', script.split('/').at(-1) ?? ''))
    for (const folder of ['docker-entrypoint-initdb.d', 'var/lib/postgresql/data', 'run/postgresql'])
      mkdirSync(join(root, folder), { recursive: true })
    await runCommand('chown', [
      '-R',
      '999:999',
      join(root, 'var/lib/postgresql'),
      join(root, 'run/postgresql'),
    ])
    await runCommand('chmod', ['3777', join(root, 'run/postgresql')])
  },
}

/** As the official image does: a container's server is there to be reached from others. */
function listenEverywhere(sample: string): void {
  const text = readFileSync(sample, 'utf8')
  writeFileSync(sample, text.replace(/^#?listen_addresses = 'localhost'/m, "listen_addresses = '*'"))
}
