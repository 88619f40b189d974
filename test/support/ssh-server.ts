import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const serverProgram = '/usr/sbin/sshd'

/** An ssh server of this machine's own user, and an `ssh` that knows it under the name `builder`. */
export interface SshServer {
  /** To be first on the PATH: its `ssh` is the system's, with a configuration of its own. */
  readonly programs: string
  /** Lets nobody in any more. */
  forgetKeys(): Promise<void>
  close(): Promise<void>
}

/** Why there can be no ssh server here; null when there can. */
export async function whyNoSshServer(): Promise<string | null> {
  const programs = [serverProgram, 'ssh', 'ssh-keygen']
  const found = await Promise.all(programs.map(program => run('which', [program]).catch(() => null)))
  const missing = programs.filter((_, index) => found[index] === null)
  return missing.length === 0
    ? null
    : `there is no ${missing.join(' and no ')}: apt-get install openssh-server openssh-client`
}

/** Starts an ssh server on a loopback port, whose sessions have the variables given. */
export async function startSshServer(variables: Readonly<Record<string, string>>): Promise<SshServer> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-sshd-'))
  const inFolder = (name: string): string => join(folder, name)
  for (const name of ['host', 'key']) {
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', inFolder(name)])
  }
  await copyFile(inFolder('key.pub'), inFolder('allowed'))
  const port = await findFreePort()
  const settings = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
  await writeFile(
    inFolder('sshd_config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${inFolder('host')}`,
      `AuthorizedKeysFile ${inFolder('allowed')}`,
      'PidFile none',
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin prohibit-password',
      `SetEnv ${settings.join(' ')}`,
      '',
    ].join('\n'),
  )
  const [type, hostKey] = (await readFile(inFolder('host.pub'), 'utf8')).split(' ')
  await writeFile(inFolder('known'), `[127.0.0.1]:${port} ${type} ${hostKey}\n`)
  await writeFile(
    inFolder('config'),
    [
      'Host builder',
      '  HostName 127.0.0.1',
      `  Port ${port}`,
      `  IdentityFile ${inFolder('key')}`,
      '  IdentitiesOnly yes',
      `  UserKnownHostsFile ${inFolder('known')}`,
      '',
    ].join('\n'),
  )
  const programs = inFolder('programs')
  await mkdir(programs)
  const { stdout: ssh } = await run('which', ['ssh'])
  await writeFile(join(programs, 'ssh'), `#!/bin/sh\nexec '${ssh.trim()}' -F '${inFolder('config')}' "$@"\n`)
  await chmod(join(programs, 'ssh'), 0o755)
  // Where it drops its rights to.
  await mkdir('/run/sshd', { recursive: true, mode: 0o755 })
  const server = spawn(serverProgram, ['-D', '-e', '-f', inFolder('sshd_config')], { stdio: 'pipe' })
  await waitForListening(server)
  return {
    programs,
    forgetKeys: () => writeFile(inFolder('allowed'), ''),
    async close() {
      const ended = new Promise(resolve => server.once('exit', resolve))
      if (server.exitCode === null && server.kill()) await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function waitForListening(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = ''
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      if (said.includes('Server listening')) resolve()
    })
    server.once('error', reject)
    server.once('exit', () => reject(new Error(`sshd did not start: ${said}`)))
  })
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : 0))
    })
  })
}
