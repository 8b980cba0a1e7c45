// What scrolls sideways is reached with the keyboard too.
const reach = () => {
  for (const each of document.querySelectorAll(".md-typeset__scrollwrap, pre > code")) each.tabIndex = 0;
};
reach();
// The theme wraps tables later.
new MutationObserver(reach).observe(document.body, { childList: true, subtree: true });
