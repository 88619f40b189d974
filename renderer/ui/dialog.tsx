import { type ReactNode, useEffect, useId, useRef } from 'react'
import styles from './dialog.module.css'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  /** Buttons, the harmless one first. */
  readonly footer?: ReactNode
  readonly isTitleHidden?: boolean
}

/** A window over the screen: the browser keeps the focus in it, Escape closes it, and the focus goes back where it was. */
export function Dialog({ title, onClose, children, footer, isTitleHidden = false }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const dialog = ref.current
    if (dialog === null || dialog.open) return
    const before = document.activeElement
    dialog.showModal()
    dialog.querySelector<HTMLElement>('[data-autofocus]')?.focus()
    return () => {
      if (dialog.open) dialog.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={ref}
      aria-labelledby={heading}
      className={styles.dialog}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
      onKeyDown={event => event.stopPropagation()}
    >
      <div className={styles.frame}>
        <h2 id={heading} className={isTitleHidden ? 'visually-hidden' : styles.title}>
          {title}
        </h2>
        <div className={styles.body}>{children}</div>
        {footer && <footer className={styles.footer}>{footer}</footer>}
      </div>
    </dialog>
  )
}
