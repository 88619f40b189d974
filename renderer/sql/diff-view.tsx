import { useMemo, useState } from 'react'
import { countOf } from '../../shared/text/plain-words.ts'
import { useCommand } from '../commands/use-command.tsx'
import { Button } from '../ui/button.tsx'
import { compareSql, type DiffLine, foldSame, pairLines } from './compare-sql.ts'
import styles from './diff-view.module.css'

export type DiffMode = 'unified' | 'split'

interface DiffSide {
  readonly title: string
  readonly text: string
}

interface DiffViewProps {
  readonly left: DiffSide
  readonly right: DiffSide
  readonly mode: DiffMode
  readonly onMode: (mode: DiffMode) => void
}

/** More changed lines than this in a row are drawn only on request. */
const drawnAtOnce = 400

/** Two texts compared: unified or beside each other, with words marked, and with every folded line counted. */
export function DiffView({ left, right, mode, onMode }: DiffViewProps) {
  const lines = useMemo(() => compareSql(left.text, right.text), [left.text, right.text])
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set())
  const other = mode === 'unified' ? 'split' : 'unified'
  useCommand('view.diff_mode', () => onMode(other))
  if (lines === null)
    return (
      <p className={styles.notice}>
        The two are too long and too different to be compared line by line. Read each by itself.
      </p>
    )
  const removed = lines.filter(line => line.kind === 'removed').length
  const added = lines.filter(line => line.kind === 'added').length
  return (
    <div className={styles.frame}>
      <header className={styles.header}>
        <p>
          <span className={styles.minus}>- {left.title}</span>
          <span className={styles.plus}>+ {right.title}</span>
          <span className="quiet">
            {removed + added === 0
              ? 'no difference'
              : `${countOf(removed, 'line')} only on the left, ${added} only on the right`}
          </span>
        </p>
        <fieldset className={styles.modes}>
          <legend className="visually-hidden">How to compare</legend>
          <Button kind="quiet" isPressed={mode === 'unified'} onPress={() => onMode('unified')}>
            Unified
          </Button>
          <Button kind="quiet" isPressed={mode === 'split'} onPress={() => onMode('split')}>
            Split
          </Button>
        </fieldset>
      </header>
      <code className={styles.code}>
        {foldSame(lines).map((part, index) => {
          const key = `${part.lines[0]?.left}-${part.lines[0]?.right}`
          if (part.kind === 'gap' && part.lines.length > 1 && !opened.has(index))
            return (
              <div key={key} className={styles.gap}>
                <Button kind="quiet" onPress={() => setOpened(new Set([...opened, index]))}>
                  {`Show ${countOf(part.lines.length, 'line')} that are the same (${part.lines[0]?.left} to ${part.lines.at(-1)?.left})`}
                </Button>
              </div>
            )
          const shown = opened.has(index) ? part.lines : part.lines.slice(0, drawnAtOnce)
          const hidden = part.lines.length - shown.length
          return (
            <div key={key}>
              {mode === 'unified' ? <UnifiedLines lines={shown} /> : <SplitLines lines={shown} />}
              {hidden > 0 && (
                <div className={styles.gap}>
                  <Button kind="quiet" onPress={() => setOpened(new Set([...opened, index]))}>
                    {`Show ${countOf(hidden, 'more line')} that differ`}
                  </Button>
                </div>
              )}
            </div>
          )
        })}
      </code>
    </div>
  )
}

function UnifiedLines({ lines }: { readonly lines: readonly DiffLine[] }) {
  return lines.map(line => <UnifiedLine key={`${line.left}-${line.right}`} line={line} />)
}

function SplitLines({ lines }: { readonly lines: readonly DiffLine[] }) {
  return pairLines(lines).map(pair => (
    <div key={`${pair.left?.left}-${pair.right?.right}`} className={styles.pair}>
      <HalfLine line={pair.left} side="left" />
      <HalfLine line={pair.right} side="right" />
    </div>
  ))
}

function UnifiedLine({ line }: { readonly line: DiffLine }) {
  return (
    <div className={styles.line} data-kind={line.kind}>
      <span className={styles.number} data-number={line.left ?? ''} aria-hidden="true" />
      <span className={styles.number} data-number={line.right ?? ''} aria-hidden="true" />
      <Body line={line} />
    </div>
  )
}

function HalfLine({ line, side }: { readonly line: DiffLine | null; readonly side: 'left' | 'right' }) {
  if (line === null) return <div className={styles.nothing} />
  return (
    <div className={styles.half} data-kind={line.kind}>
      <span className={styles.number} data-number={line[side] ?? ''} aria-hidden="true" />
      <Body line={line} />
    </div>
  )
}

function Body({ line }: { readonly line: DiffLine }) {
  const sign = line.kind === 'added' ? '+' : line.kind === 'removed' ? '-' : ' '
  return (
    <>
      <span className={styles.sign}>{sign}</span>
      <span className={styles.text}>
        {line.spans.map((span, index) =>
          span.isChanged ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line never move.
            <mark key={index} className={styles.changed}>
              {span.text}
            </mark>
          ) : (
            span.text
          ),
        )}
        {'\n'}
      </span>
    </>
  )
}
