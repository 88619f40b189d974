import { spawn } from 'node:child_process'

/** A program at a terminal of its own: its keys and its screen are a test's, and it may be taken away. */
export interface TestTerminal {
  /** Everything that was shown so far. */
  text(): string
  /** Presses keys, such as `\x03` for Ctrl-C. */
  press(keys: string): void
  /** Takes the terminal away, as a closed window or a lost connection does. */
  hangUp(): void
  /** Exit code, or minus the number of the signal that killed it. */
  readonly ended: Promise<number>
}

/** Python has terminals, and Node has none: this one runs a program at one, and is told by lines what to do with it. */
const program = String.raw`
import os, pty, select, sys
argv = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(argv[0], argv)
orders, watched = b'', [terminal, 0]
while watched:
    ready, _, _ = select.select(watched, [], [], 1)
    if terminal in ready:
        try:
            shown = os.read(terminal, 65536)
        except OSError:
            shown = b''
        if not shown:
            break
        os.write(1, shown)
    if 0 in ready:
        read = os.read(0, 4096)
        if not read:
            watched.remove(0)
        orders += read
        while b'\n' in orders:
            order, orders = orders.split(b'\n', 1)
            if order == b'hang up':
                os.close(terminal)
                watched = []
                break
            os.write(terminal, bytes.fromhex(order.decode()))
_, status = os.waitpid(pid, 0)
code = os.waitstatus_to_exitcode(status)
sys.stderr.write(str(code))
`

/** Runs a program at a terminal of its own; needs python. */
export function runAtTerminal(
  command: readonly string[],
  options: { readonly folder: string; readonly environment: NodeJS.ProcessEnv },
): TestTerminal {
  const child = spawn('python3', ['-c', program, ...command], {
    cwd: options.folder,
    env: { TERM: 'xterm', ...options.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let text = ''
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more
  })
  child.stderr.setEncoding('utf8').on('data', (more: string) => {
    said += more
  })
  child.stdin.on('error', () => undefined)
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => {
      if (/^-?\d+$/.test(said)) resolve(Number(said))
      else reject(new Error(`the terminal failed: ${said}`))
    })
  })
  ended.catch(() => undefined)
  return {
    text: () => text,
    press: keys => void child.stdin.write(`${Buffer.from(keys).toString('hex')}\n`),
    hangUp: () => void child.stdin.write('hang up\n'),
    ended,
  }
}
