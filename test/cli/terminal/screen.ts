import type { TerminalClock } from '../../../electron/cli/terminal/terminal-clock.ts'
import type { TerminalStream } from '../../../electron/cli/terminal/terminal-stream.ts'

/** Escape sequences, and single characters. */
const escapeCharacter = String.fromCharCode(27)
const pieces = new RegExp(`${escapeCharacter}\\[[?0-9;]*[A-Za-z]|[\\s\\S]`, 'gu')

/** A terminal of the size given, as far as our readers use one: what a person would see. */
export class Screen implements TerminalStream {
  readonly isTTY = true
  columns: number
  rows: number
  written = ''
  isCursorVisible = true
  #lines: string[] = ['']
  #row = 0
  #column = 0

  constructor(columns = 100, rows = 40) {
    this.columns = columns
    this.rows = rows
  }

  write(text: string): void {
    this.written += text
    for (const piece of text.match(pieces) ?? []) this.#take(piece)
  }

  /** The lines on the screen and above it. */
  get text(): string {
    return this.#lines.join('\n').trimEnd()
  }

  #take(piece: string): void {
    if (piece === '\n') {
      this.#row += 1
      this.#column = 0
      if (this.#row === this.#lines.length) this.#lines.push('')
    } else if (piece === '\r') {
      this.#column = 0
    } else if (piece.startsWith('\u001b[')) {
      this.#obey(piece.slice(2, -1), piece.at(-1) ?? '')
    } else {
      this.#put(piece)
    }
  }

  #obey(argument: string, command: string): void {
    if (command === 'A') {
      const firstVisible = Math.max(0, this.#lines.length - this.rows)
      this.#row = Math.max(firstVisible, this.#row - Number(argument))
    } else if (command === 'J') {
      this.#lines = this.#lines.slice(0, this.#row + 1)
      this.#lines[this.#row] = (this.#lines[this.#row] ?? '').slice(0, this.#column)
    } else if (argument === '?25') {
      this.isCursorVisible = command === 'h'
    }
  }

  #put(character: string): void {
    if (this.#column === this.columns) {
      this.#take('\n')
    }
    const line = this.#lines[this.#row] ?? ''
    this.#lines[this.#row] =
      line.slice(0, this.#column).padEnd(this.#column) + character + line.slice(this.#column + 1)
    this.#column += 1
  }
}

/** A clock that a test moves. */
export class TestClock implements TerminalClock {
  #now: number
  readonly #timers = new Set<{ readonly every: number; readonly tick: () => void; due: number }>()

  constructor(now: number) {
    this.#now = now
  }

  now(): number {
    return this.#now
  }

  every(milliseconds: number, tick: () => void): () => void {
    const timer = { every: milliseconds, tick, due: this.#now + milliseconds }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  advance(milliseconds: number): void {
    const end = this.#now + milliseconds
    for (;;) {
      const next = [...this.#timers].sort((one, other) => one.due - other.due)[0]
      if (next === undefined || next.due > end) break
      this.#now = next.due
      next.due += next.every
      next.tick()
    }
    this.#now = end
  }

  get running(): number {
    return this.#timers.size
  }
}
