// The form of mass sending asks the server again when another channel or kind is chosen: accounts, templates and purposes follow.
document.addEventListener("change", (event) => {
  const input = event.target;
  if (input instanceof HTMLSelectElement && input.dataset.massReload !== undefined) input.form.requestSubmit();
});

const check = document.getElementById("check");
if (check) check.focus();
