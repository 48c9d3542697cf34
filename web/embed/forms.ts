/**
 * A frame may run scripts without being allowed to submit forms, and then a form's own event is never sent. Figures' forms are
 * only ever heard, not sent anywhere: so what a press of their button, or the enter key, says is passed on by hand.
 */
export function hearForms(): void {
  document.addEventListener('click', (event) => {
    const button = event.composedPath().find((one) => one instanceof HTMLButtonElement);
    const form = button?.type === 'submit' ? button.form : null;
    if (!form || event.defaultPrevented) return;
    event.preventDefault();
    if (!form.noValidate && !form.reportValidity()) return;
    form.dispatchEvent(
      new SubmitEvent('submit', { bubbles: true, cancelable: true, submitter: button ?? null }),
    );
  });
}
