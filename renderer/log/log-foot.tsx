import { useState } from 'react'
import { countOf } from '../../shared/text/plain-words.ts'
import { useAction } from '../store/use-action.ts'
import { Button } from '../ui/button.tsx'
import { FailureNotice } from '../ui/failure-notice.tsx'
import { formatLines, mostCopied, readRows } from './copy-lines.ts'
import type { RowRange } from './log-lines.tsx'
import type { LogRows } from './log-rows.ts'
import styles from './log-viewer.module.css'
import type { ReadPage } from './page-cache.ts'
import { saveFile } from './save-file.ts'

interface LogFootProps {
  readonly runId: string
  readonly read: ReadPage
  readonly rows: LogRows
  readonly range: RowRange | null
  readonly all: number
  readonly total: number | null
  readonly isLive: boolean
  readonly isFollowing: boolean
  readonly isRead: boolean
  readonly onRead: (isRead: boolean) => void
  readonly onFollow: () => void
  readonly isWrapped: boolean
  readonly onWrap: () => void
}

/** How much is shown, and the ways out of the log: clipboard and files. */
export function LogFoot(props: LogFootProps) {
  const { runId, read, rows, range, all, total, isLive, isFollowing, isRead, isWrapped } = props
  const [said, setSaid] = useState('')
  const download = useAction('log.download')
  const first = range === null ? 0 : Math.min(range.anchor, range.focus)
  const chosen = range === null ? 0 : Math.abs(range.anchor - range.focus) + 1
  const refusal =
    chosen === 0
      ? 'choose lines first: arrows, or a click on a line number'
      : chosen > mostCopied
        ? `${chosen} lines are more than the ${mostCopied} that can be copied: download the log instead`
        : null
  const copy = async (kind: 'text' | 'json'): Promise<void> => {
    const lines = await readRows(read, rows, first, first + chosen - 1)
    if (lines === null) return setSaid('The lines could not be read.')
    try {
      await navigator.clipboard.writeText(formatLines(lines, kind))
      setSaid(`Copied ${countOf(lines.length, 'line')}.`)
    } catch {
      setSaid('This window may not copy.')
    }
  }
  const save = async (kind: 'jsonl' | 'text'): Promise<void> => {
    const file = await download.run({ runId, kind })
    if (file) saveFile(file.name, file.text, kind === 'jsonl' ? 'application/x-ndjson' : 'text/plain')
  }
  return (
    <>
      <div className={styles.bar} role="toolbar" aria-label="Log actions">
        {isLive && (
          <Button isPressed={isFollowing} onPress={props.onFollow}>
            Follow the end (f)
          </Button>
        )}
        <Button isPressed={isWrapped} onPress={props.onWrap}>
          Wrap lines (w)
        </Button>
        <Button isPressed={isRead} onPress={() => props.onRead(!isRead)}>
          Read new lines aloud
        </Button>
        <span className={styles.end} />
        <Button refusal={refusal} onPress={() => void copy('text')}>
          Copy {chosen > 0 ? countOf(chosen, 'line') : 'lines'}
        </Button>
        <Button refusal={refusal} onPress={() => void copy('json')}>
          Copy as JSON
        </Button>
        <Button isBusy={download.isRunning} onPress={() => void save('text')}>
          Download text
        </Button>
        <Button isBusy={download.isRunning} onPress={() => void save('jsonl')}>
          Download log
        </Button>
      </div>
      {download.failure && <FailureNotice failure={download.failure} />}
      <p className={styles.foot}>
        {total !== null && (
          <span>
            {rows.count === all
              ? `All ${countOf(all, 'line')}, from line 1.`
              : `${rows.count} of ${countOf(all, 'line')}.`}
          </span>
        )}
        <span role="status">{said}</span>
      </p>
    </>
  )
}
