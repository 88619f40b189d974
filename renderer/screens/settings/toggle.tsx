import { useId } from 'react'
import styles from './settings.module.css'

interface ToggleProps {
  readonly title: string
  readonly hint: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
}

/** Something that is on or off, and takes effect at once. */
export function Toggle({ title, hint, isOn, onChange }: ToggleProps) {
  const id = useId()
  return (
    <div className={styles.toggle}>
      <label className={styles.option}>
        <input
          type="checkbox"
          checked={isOn}
          aria-describedby={id}
          onChange={event => onChange(event.target.checked)}
        />
        <span>{title}</span>
      </label>
      <p id={id} className="quiet">
        {hint}
      </p>
    </div>
  )
}
