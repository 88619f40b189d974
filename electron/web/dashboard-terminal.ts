import { userInfo } from 'node:os'
import { standardError, standardOutput } from '../host/output/safe-output.ts'

/** What a served dashboard says, and hears, where it was started. */
export interface DashboardTerminal {
  /** Standard output: the address, and nothing else. */
  print(line: string): void
  /** Standard error: for people. */
  say(line: string): void
  /** Calls back when Enter is pressed; null where no person sits in front of it. Gives back how to stop. */
  readonly onEnter: ((listener: () => void) => () => void) | null
  /** `SSH_CONNECTION`, when this is a session from elsewhere. */
  readonly sshConnection: string | null
}

/** The terminal of this process. */
export function openTerminal(): DashboardTerminal {
  return {
    print: line => standardOutput.write(`${line}\n`),
    say: line => standardError.write(`${line}\n`),
    onEnter: process.stdin.isTTY ? listenForEnter : null,
    sshConnection: process.env.SSH_CONNECTION ?? null,
  }
}

function listenForEnter(listener: () => void): () => void {
  process.stdin.on('data', listener)
  return () => {
    process.stdin.off('data', listener)
    process.stdin.pause()
  }
}

/** The command that brings the port to the machine in front of the person; `SSH_CONNECTION` ends with this side's address and port. */
export function describeForwarding(sshConnection: string, port: number): string {
  const [, , host = '', sshPort = '22'] = sshConnection.split(' ')
  const way = sshPort === '22' ? '' : ` -p ${sshPort}`
  return `ssh -L ${port}:127.0.0.1:${port}${way} ${userInfo().username}@${host}`
}
