import type { ReactNode } from 'react'
import styles from './button.module.css'

interface ButtonProps {
  readonly children: ReactNode
  readonly onPress: () => void
  readonly kind?: 'primary' | 'plain' | 'danger' | 'quiet'
  /** Why it cannot be pressed; shown, and read out. Null when it can. */
  readonly refusal?: string | null
  readonly isBusy?: boolean
  readonly label?: string | undefined
  readonly isPressed?: boolean | undefined
  readonly hasFocusFirst?: boolean
}

/** A button with a verb and an object on it. One that cannot be pressed stays reachable and says why. */
export function Button({
  children,
  onPress,
  kind = 'plain',
  refusal = null,
  isBusy = false,
  label,
  isPressed,
  hasFocusFirst = false,
}: ButtonProps) {
  const isOff = refusal !== null || isBusy
  return (
    <button
      type="button"
      className={styles.button}
      data-kind={kind}
      aria-disabled={isOff || undefined}
      aria-busy={isBusy || undefined}
      aria-label={label}
      aria-pressed={isPressed}
      title={refusal ?? undefined}
      data-autofocus={hasFocusFirst || undefined}
      onClick={() => {
        if (!isOff) onPress()
      }}
    >
      {children}
      {refusal !== null && <span className="visually-hidden"> (not possible: {refusal})</span>}
    </button>
  )
}
