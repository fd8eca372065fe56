/** Comfort for browsers with script: a chosen or dropped file is sent at once, the report is printed by a button. */
const file = document.getElementById('file');
file?.addEventListener('change', () => {
  if (file.files.length > 0) file.form.requestSubmit();
});

const print = document.getElementById('print');
if (print) {
  print.hidden = false;
  print.addEventListener('click', () => window.print());
}
