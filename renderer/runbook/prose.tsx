import { useMemo } from 'react'
import { assertNever } from '../../shared/text/assert-never.ts'
import { type ProseBlock, type ProsePiece, parseProse } from './parse-prose.ts'
import styles from './runbook.module.css'

/** What a runbook says, as elements: never as markup of its own. */
export function Prose({ markdown }: { readonly markdown: string }) {
  const blocks = useMemo(() => parseProse(markdown), [markdown])
  return (
    <div className={styles.prose}>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one text never move.
        <Block key={index} block={block} />
      ))}
    </div>
  )
}

function Block({ block }: { readonly block: ProseBlock }) {
  switch (block.kind) {
    case 'heading':
      return (
        <p className={styles.heading}>
          <Pieces pieces={block.pieces} />
        </p>
      )
    case 'paragraph':
      return (
        <p>
          <Pieces pieces={block.pieces} />
        </p>
      )
    case 'quote':
      return (
        <blockquote>
          <Pieces pieces={block.pieces} />
        </blockquote>
      )
    case 'list': {
      const List = block.isOrdered ? 'ol' : 'ul'
      return (
        <List>
          {block.items.map((pieces, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: items of one text never move.
            <li key={index}>
              <Pieces pieces={pieces} />
            </li>
          ))}
        </List>
      )
    }
    case 'code':
      return (
        <pre>
          <code>{block.text}</code>
        </pre>
      )
    default:
      return assertNever(block)
  }
}

function Pieces({ pieces }: { readonly pieces: readonly ProsePiece[] }) {
  return pieces.map((piece, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line never move.
    <Piece key={index} piece={piece} />
  ))
}

function Piece({ piece: { kind, text } }: { readonly piece: ProsePiece }) {
  switch (kind) {
    case 'text':
      return text
    case 'code':
      return <code>{text}</code>
    case 'strong':
      return <strong>{text}</strong>
    case 'emphasis':
      return <em>{text}</em>
    default:
      return assertNever(kind)
  }
}
