
"use strict";
(() => {
  const part = (id) => document.getElementById(id);
  const main = part("purchase");
  const client = main.dataset.client;
  delete main.dataset.client;
  const say = (text) => (part("trouble").textContent = text);
  const late = setTimeout(() => say("Klarna's script has not come. Look at the network, then begin the purchase again."), 15000);

  let category = {};

  const load = (named) => {
    category = named;
    Klarna.Payments.load({ container: "#klarna", ...category }, {}, (answer) => {
      part("pay").disabled = !answer.show_form;
      if (!answer.show_form) say("Klarna offers nothing for this session. Look at its country, currency and amount.");
    });
  };

  const agreed = (answer) => {
    part("pay").disabled = answer.approved || !answer.show_form;
    if (!answer.approved) return say("Klarna did not approve it, or it was broken off. Nothing was ordered.");
    say("");
    part("authorization").textContent = answer.authorization_token;
    part("done").hidden = false;
    part("copy").focus();
  };

  window.klarnaAsyncCallback = () => {
    clearTimeout(late);
    try {
      Klarna.Payments.init({ client_token: client });
      // A session of one category needs none named; where several are offered it is usually this one.
      try {
        load({});
      } catch {
        load({ payment_method_category: "klarna" });
      }
    } catch {
      say("Klarna's script refuses the session: it may be older than 48 hours. Start another one.");
    }
  };

  part("pay").addEventListener("click", () => {
    part("pay").disabled = true;
    Klarna.Payments.authorize(category, {}, agreed);
  });
  part("copy").addEventListener("click", async () => {
    await navigator.clipboard.writeText(part("authorization").textContent);
    part("copy").textContent = "Copied";
  });
})();
