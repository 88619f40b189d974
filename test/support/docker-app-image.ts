import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DebianPackages, makeDebianRoot } from './debian-root.ts'
import type { ImageRecipe } from './docker-postgres-image.ts'
import { pythonEnvironment } from './python-environment.ts'
import { runCommand } from './run-command.ts'

const packages: DebianPackages = {
  packages: [
    'python3',
    'python3-venv',
    'bash',
    'dash',
    'coreutils',
    'findutils',
    'grep',
    'sed',
    'libc-bin',
    'procps',
    // Two of the programs that a tunnel can go through.
    'socat',
    'busybox',
  ],
  without: /^(perl|debconf|dpkg|openssl|ca-certificates|gcc-.*-base|init-system-helpers|lsb-base|libsystemd)/,
}
const requirements = ['alembic', 'sqlalchemy>=2', 'psycopg[binary]']

/** A service's own container: a Python of its own, with Alembic in the virtual environment /srv/venv. */
export const appImage: ImageRecipe = {
  name: 'lockstep-test-app',
  ingredients: [packages.packages, String(packages.without), requirements, 1],
  files: [],
  changes: [
    'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    'ENV LANG=C.UTF-8',
    'CMD ["python3"]',
  ],
  async build(root, work) {
    await makeDebianRoot(root, work, packages)
    const wheels = join(root, 'tmp/wheels')
    mkdirSync(wheels)
    mkdirSync(join(root, 'srv'), { recursive: true })
    const device = join(root, 'dev/null')
    mkdirSync(join(root, 'dev'), { recursive: true })
    await runCommand('mknod', ['-m', '666', device, 'c', '1', '3'])
    const inside = (...args: string[]): Promise<string> =>
      runCommand('chroot', [root, ...args], {
        environment: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' },
        seconds: 300,
      })
    const version = (
      await inside('python3', '-c', 'import sys; print("%d.%d" % sys.version_info[:2])')
    ).trim()
    await downloadWheels(wheels, version)
    await inside('python3', '-m', 'venv', '/srv/venv')
    await inside(
      '/srv/venv/bin/pip',
      'install',
      '-q',
      '--no-index',
      '--find-links',
      '/tmp/wheels',
      ...requirements,
    )
    // Unpacked packages come without byte code: each `docker exec` would compile the standard library again.
    await inside('python3', '-m', 'compileall', '-q', `/usr/lib/python${version}`)
    rmSync(wheels, { recursive: true })
    rmSync(device)
  },
}

/** The network is this machine's business: the container's Python installs from files. */
async function downloadWheels(folder: string, version: string): Promise<void> {
  const machine = process.arch === 'arm64' ? 'aarch64' : 'x86_64'
  const platforms = ['manylinux2014', 'manylinux_2_28', 'manylinux_2_34'].flatMap(name => [
    '--platform',
    `${name}_${machine}`,
  ])
  const target = ['--python-version', version, '--only-binary=:all:', ...platforms]
  const args = ['-m', 'pip', 'download', '-q', '-d', folder, ...target, ...requirements]
  await runCommand(await pythonEnvironment(), args, { seconds: 280 })
}
