import { useState } from 'react'
import { Button } from './button.tsx'

interface CopyButtonProps {
  readonly text: string
  readonly label: string
  /** What it copies, where a page has several that look alike: read out, and not seen. */
  readonly object?: string
  readonly kind?: 'plain' | 'quiet'
}

/** Copies a text, and says that it did, or that this window may not. */
export function CopyButton({ text, label, object, kind = 'plain' }: CopyButtonProps) {
  const [said, setSaid] = useState<string | null>(null)
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text)
      setSaid('Copied')
    } catch {
      setSaid('This window may not copy')
    }
  }
  return (
    <Button kind={kind} onPress={() => void copy()}>
      <span aria-live="polite">{said ?? label}</span>
      {object !== undefined && <span className="visually-hidden"> {object}</span>}
    </Button>
  )
}
