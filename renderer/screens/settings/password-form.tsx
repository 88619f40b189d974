import { type FormEvent, useId, useState } from 'react'
import { describeFailure } from '../../../shared/failure/describe-failure.ts'
import { useDashboard, useDashboardStore } from '../../store/dashboard-context.tsx'
import { useAction } from '../../store/use-action.ts'
import { Button } from '../../ui/button.tsx'
import { FailureNotice } from '../../ui/failure-notice.tsx'
import { type ServerPassword, sayPassword, sayUser } from './password-words.ts'
import styles from './settings.module.css'

interface PasswordFormProps {
  readonly server: ServerPassword
  readonly onChanged: () => void
}

/** One server: remembers its password, or forgets it. */
export function PasswordForm({ server: given, onChanged }: PasswordFormProps) {
  const { server, isRemembered } = given
  const store = useDashboardStore()
  const isReadOnly = useDashboard(state => state.session?.readOnly ?? true)
  const [password, setPassword] = useState('')
  const id = useId()
  const writing = useAction('secret.write')
  const forgetting = useAction('secret.forget')
  const isBusy = writing.isRunning || forgetting.isRunning
  const refuse = (action: string): string | null =>
    isReadOnly ? describeFailure({ kind: 'read_only', action }).what : null
  const writeRefusal = refuse('remember a password') ?? (password === '' ? 'type the password first' : null)
  const forgetRefusal = refuse('forget a password') ?? (isRemembered ? null : 'no password is remembered')

  const say = (polite: string): void => {
    store.setState({ announcement: { polite, assertive: '' } })
    onChanged()
  }
  const remember = async (): Promise<void> => {
    if (writeRefusal !== null || isBusy) return
    forgetting.forget()
    const done = await writing.run({ server, password })
    // Whether it was taken or not: it does not stay on the screen.
    setPassword('')
    if (done !== null) say(`The password of ${server} is remembered.`)
  }
  const forget = async (): Promise<void> => {
    writing.forget()
    if ((await forgetting.run({ server })) !== null) say(`The password of ${server} is forgotten.`)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void remember()
  }
  const failure = writing.failure ?? forgetting.failure

  return (
    <form className={styles.password} onSubmit={submit} autoComplete="off" aria-labelledby={`${id}-server`}>
      <div className={styles.account}>
        <h3 id={`${id}-server`}>{server}</h3>
        <span className="quiet">{sayUser(given)}</span>
      </div>
      <p id={`${id}-state`}>{sayPassword(given)}</p>
      <div className={styles.field}>
        <label htmlFor={`${id}-password`} className="visually-hidden">
          Password of {server}
        </label>
        <input
          id={`${id}-password`}
          type="password"
          autoComplete="off"
          spellCheck={false}
          maxLength={1_000}
          placeholder={isRemembered ? 'Another password' : 'Password'}
          value={password}
          readOnly={isReadOnly}
          aria-describedby={`${id}-state`}
          onChange={event => setPassword(event.target.value)}
        />
        <Button
          onPress={() => void remember()}
          refusal={writeRefusal}
          isBusy={isBusy}
          label={`Remember the password of ${server}`}
        >
          Remember
        </Button>
        <Button
          onPress={() => void forget()}
          refusal={forgetRefusal}
          isBusy={isBusy}
          label={`Forget the password of ${server}`}
        >
          Forget
        </Button>
      </div>
      {failure && <FailureNotice failure={failure} />}
    </form>
  )
}
