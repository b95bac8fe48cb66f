/* The script of the page that a caller opens. ES5 alone: it has to run on telephones of 2013. */
(function () {
  "use strict";
  var EVERY_MS = 10000; // at most one position in this time
  var BEAT_MS = 20000; // how often the page asks whether the link still holds
  var LOOK_MS = 20000; // how long a coarse position is being bettered before it counts as the answer
  var PATIENCE_MS = 30000; // after this the call taker is told that nothing came
  var LONGEST_MS = 1800000;
  var GOOD_M = 50;
  var COARSE_M = 200;

  var doc = document;
  var body = doc.body;
  var base = location.pathname.replace(/\/+$/, "");
  var key = "geo112." + base;
  var device = "";
  var over = false; // the link holds no more
  var tapped = false; // the caller asked for it
  var refused = ""; // the screen that says why there is no position
  var promptOpen = false;
  var watching = null;
  var startedAt = 0;
  var newest = null; // the newest position
  var sent = null; // the last one that the centre has
  var forced = false; // send the next one in any case
  var sending = false;
  var triedAt = 0;
  var failed = null; // null, or the status of the try that failed last: 0 is no internet
  var retryMs = 5000;
  var flushTimer = null;
  var told = ""; // the step that the centre has not heard of yet
  var telling = false;
  var received = ""; // place and time as the centre gives them

  function now() {
    return new Date().getTime();
  }

  /* What this telephone keeps for this link: its own random name, whether the button was tapped, and what is unsent. */
  function read(name) {
    try {
      return window.localStorage.getItem(key + name);
    } catch (_) {
      return null;
    }
  }

  function keep(name, value) {
    try {
      if (value === null) window.localStorage.removeItem(key + name);
      else window.localStorage.setItem(key + name, value);
    } catch (_) {
      /* without a store the page remembers for as long as it is open */
    }
  }

  function randomName() {
    var signs = "abcdefghijklmnopqrstuvwxyz234567";
    var name = "";
    var i;
    var bytes = [];
    var secure = window.crypto || window.msCrypto;
    if (secure && secure.getRandomValues && window.Uint8Array) bytes = secure.getRandomValues(new Uint8Array(26));
    for (i = 0; i < 26; i += 1) name += signs.charAt(bytes.length ? bytes[i] % 32 : Math.floor(Math.random() * 32));
    return name;
  }

  function nameDevice() {
    var form = /(?:^|; )geo112-link=([a-z2-7]{26})/;
    var found = form.exec(doc.cookie);
    device = read("") || (found ? found[1] : "") || randomName();
    keep("", device);
    try {
      doc.cookie =
        "geo112-link=" +
        device +
        "; path=" +
        base +
        "; max-age=7200; SameSite=Strict" +
        (location.protocol === "https:" ? "; Secure" : "");
    } catch (_) {
      /* no cookies here: the store above has it */
    }
  }

  function post(path, said, done) {
    var request = new XMLHttpRequest();
    var ended = false;
    function end(status) {
      var answer = null;
      if (ended) return;
      ended = true;
      try {
        answer = JSON.parse(request.responseText);
      } catch (_) {
        answer = null;
      }
      // A hotel's log-in page answers everything with 200: only the centre says how the link is.
      if (status === 200 && !(answer && answer.state)) status = 0;
      done(status, answer || {});
    }
    said.device = device;
    request.open("POST", base + "/" + path, true);
    request.timeout = 15000;
    request.setRequestHeader("Content-Type", "application/json");
    request.onload = function () {
      end(request.status);
    };
    request.onerror =
      request.ontimeout =
      request.onabort =
        function () {
          end(0);
        };
    try {
      request.send(JSON.stringify(said));
    } catch (_) {
      end(0);
    }
  }

  /* Takes what every answer may say: that the link is over. */
  function isOver(status, answer) {
    if (status === 410) finish(answer.state === "closed" ? "selesai" : "kedaluwarsa");
    else if (status === 404) finish("kedaluwarsa");
    else return false;
    return true;
  }

  function tell(step) {
    told = step;
    beat();
  }

  /* Says the newest step, or only that the page is still there. */
  function beat() {
    var step = told || "alive";
    if (over || telling) return;
    telling = true;
    post("state", { state: step }, function (status, answer) {
      telling = false;
      if (over || isOver(status, answer)) return;
      if (status === 200 || status === 422) {
        if (told === step) told = "";
        else if (told) beat();
        if (failed !== null && newest && !sending) flush(true);
      }
    });
  }

  function show(screen) {
    var heading;
    if (body.className === screen) return;
    body.className = screen;
    window.scrollTo(0, 0);
    heading = doc.getElementById(screen).getElementsByTagName("h1")[0];
    if (heading && heading.focus) heading.focus();
  }

  function say(name, text) {
    var found = doc.querySelectorAll('[data-say="' + name + '"]');
    var i;
    for (i = 0; i < found.length; i += 1) if (found[i].textContent !== text) found[i].textContent = text;
  }

  function radius(metres) {
    if (!(metres > 0)) return "± ?";
    if (metres < 1000) return "± " + Math.max(1, Math.round(metres)) + "\u00a0m";
    return (
      "± " + (metres < 10000 ? (metres / 1000).toFixed(1).replace(".", ",") : Math.round(metres / 1000)) + "\u00a0km"
    );
  }

  function degrees(value) {
    return value.toFixed(4).replace(".", ",");
  }

  /* Draws what is known now; nothing else chooses a screen while the link holds. */
  function draw() {
    var looked = now() - startedAt;
    var seconds = Math.min(20, Math.floor(looked / 1000));
    if (over || !tapped) return;
    if (failed !== null && newest) {
      say("putus", failed === 0 ? "Internet terputus" : "Lokasi belum terkirim");
      say("simpan", radius(newest.accuracy_m));
      say("lintang", degrees(newest.lat_deg));
      say("bujur", degrees(newest.lon_deg));
      show("luring");
    } else if (refused === "ditolak") {
      show(refused);
    } else if (sent && !forced && (sent.accuracy_m <= GOOD_M || looked >= LOOK_MS)) {
      say("teliti", radius(sent.accuracy_m));
      say("tempat", received);
      say(
        "pesan",
        sent.accuracy_m > 0 && sent.accuracy_m <= COARSE_M
          ? "Biarkan halaman ini terbuka. Bila Anda pindah, petugas melihatnya."
          : "Lokasi ini masih kasar. Sebutkan juga tempat Anda di telepon, dan biarkan halaman ini terbuka."
      );
      show("terkirim");
    } else if (refused && !newest) {
      show(refused);
    } else if (newest || !promptOpen) {
      say("kasar", newest ? radius(newest.accuracy_m) : "");
      say("sampai", sent ? "lokasi kasar sudah terkirim" : newest ? "sedang dikirim" : "sebentar");
      doc.getElementById("isi").style.width = seconds * 5 + "%";
      doc.getElementById("bar").setAttribute("aria-valuenow", String(seconds));
      show("mencari");
    } else {
      show("izin");
    }
  }

  /* Distance in metres, good enough to tell whether somebody moved: a flat earth around the place. */
  function metres(a, b) {
    var north = (a.lat_deg - b.lat_deg) * 110570;
    var east = (a.lon_deg - b.lon_deg) * 111320 * Math.cos((a.lat_deg * Math.PI) / 180);
    return Math.sqrt(north * north + east * east);
  }

  function isWorth(fix) {
    if (!sent || forced || failed !== null) return true;
    if (fix.taken_at_ms === sent.taken_at_ms) return false;
    if (fix.accuracy_m > 0 && (!(sent.accuracy_m > 0) || fix.accuracy_m < sent.accuracy_m)) return true;
    return metres(fix, sent) > Math.max(15, fix.accuracy_m / 2);
  }

  /* Sends the newest position: the first at once, then only what is better or elsewhere, and not too often. */
  function flush(atOnce) {
    var wait = triedAt + (failed === null ? EVERY_MS : retryMs) - now();
    if (over || sending || !newest || !isWorth(newest)) return;
    window.clearTimeout(flushTimer);
    if (!atOnce && triedAt && wait > 0) {
      flushTimer = window.setTimeout(function () {
        flush(false);
      }, wait);
      return;
    }
    send(newest);
  }

  function send(fix) {
    var said = JSON.parse(JSON.stringify(fix));
    said.now_ms = now();
    sending = true;
    triedAt = now();
    post("fix", said, function (status, answer) {
      sending = false;
      if (over || isOver(status, answer)) return;
      if (status === 200 || status === 422) {
        failed = null;
        retryMs = 5000;
        keep(".unsent", null);
        if (status === 200) {
          sent = fix;
          forced = false;
          refused = "";
          received = (answer.place ? answer.place + ", pukul " : "Diterima pukul ") + answer.at;
        } else {
          // The centre cannot use it, and the same place again would not help.
          newest = null;
          refused = "lambat";
        }
      } else {
        failed = status;
        retryMs = Math.min(30000, retryMs * 1.5);
      }
      draw();
      flush(false);
    });
  }

  function onFix(position) {
    var at = position.coords;
    var fix = { lat_deg: at.latitude, lon_deg: at.longitude, accuracy_m: at.accuracy > 0 ? at.accuracy : 0 };
    if (over || !tapped) return;
    fix.taken_at_ms = Number(position.timestamp) || now();
    if (typeof at.altitude === "number") fix.altitude_m = at.altitude;
    if (typeof at.altitudeAccuracy === "number") fix.altitude_accuracy_m = at.altitudeAccuracy;
    newest = fix;
    refused = "";
    promptOpen = false;
    keep(".unsent", JSON.stringify(fix));
    flush(false);
    draw();
  }

  function onFirstFix(position) {
    // The quick one from the network only fills the time until satellites answer.
    if (!newest) onFix(position);
  }

  function onError(error) {
    if (over || !tapped) return;
    promptOpen = false;
    if (error.code === 1) {
      stopWatching();
      refused = "ditolak";
      newest = null;
      tell("denied");
    } else if (!newest && refused !== "lambat" && error.code === 3) {
      refused = "lambat";
      tell("timed_out");
    } else if (!newest && refused !== "tidakada" && error.code === 2) {
      refused = "tidakada";
      tell("unavailable");
    }
    draw();
  }

  function nothing() {}

  function stopWatching() {
    if (watching !== null) navigator.geolocation.clearWatch(watching);
    watching = null;
  }

  function watch() {
    stopWatching();
    watching = navigator.geolocation.watchPosition(onFix, onError, {
      enableHighAccuracy: true,
      maximumAge: 0,
      timeout: PATIENCE_MS
    });
    if (!newest) {
      navigator.geolocation.getCurrentPosition(onFirstFix, nothing, {
        enableHighAccuracy: false,
        maximumAge: 30000,
        timeout: PATIENCE_MS
      });
    }
  }

  /* The tap: only now the browser asks whether it may. */
  function ask() {
    if (over) return;
    tapped = true;
    refused = "";
    startedAt = now();
    keep(".tapped", "1");
    if (!navigator.geolocation || window.isSecureContext === false) {
      refused = "tidakada";
      tell("unavailable");
      draw();
      return;
    }
    promptOpen = true;
    tell("asked");
    draw();
    onPermission(function (state) {
      if (state === "granted") promptOpen = false;
      draw();
    });
    watch();
    stayAwake();
  }

  function onPermission(done) {
    try {
      navigator.permissions.query({ name: "geolocation" }).then(function (found) {
        done(found.state);
      }, nothing);
    } catch (_) {
      /* an old browser: the page waits for what comes */
    }
  }

  function stayAwake() {
    try {
      navigator.wakeLock.request("screen").then(nothing, nothing);
    } catch (_) {
      /* the screen goes dark after its time */
    }
  }

  function again() {
    forced = true;
    startedAt = now();
    draw();
    watch();
  }

  function finish(screen) {
    over = true;
    if (navigator.geolocation) stopWatching();
    window.clearTimeout(flushTimer);
    keep(".unsent", null);
    keep(".tapped", null);
    show(screen);
  }

  function stop() {
    var left = 5;
    finish("selesai");
    (function say_so() {
      post("state", { state: "stopped" }, function (status) {
        left -= 1;
        if ((status === 0 || status >= 500) && left > 0) window.setTimeout(say_so, 5000);
      });
    })();
  }

  /* What passes with time: the bar, the patience, the end. */
  function tick() {
    var looked = now() - startedAt;
    if (over || !tapped) return;
    if (!newest && !refused && looked > PATIENCE_MS) {
      // A question that nobody answered stays on the screen; the call taker hears that nothing came.
      refused = promptOpen ? "izin" : "lambat";
      tell("timed_out");
    }
    if (watching !== null && looked > LONGEST_MS) stopWatching();
    if (failed !== null && now() - triedAt > retryMs) flush(false);
    draw();
  }

  function isHidden() {
    return doc.hidden === true || doc.webkitHidden === true;
  }

  function onSight() {
    if (isHidden() || over) return;
    if (watching !== null) {
      // Browsers stop the search of a page in the background, and some do not take it up again.
      watch();
      stayAwake();
    }
    beat();
  }

  function takeUp() {
    var unsent = null;
    try {
      unsent = JSON.parse(read(".unsent"));
    } catch (_) {
      unsent = null;
    }
    if (!read(".tapped")) return;
    if (unsent && now() - unsent.taken_at_ms < LONGEST_MS) {
      tapped = true;
      newest = unsent;
      flush(true);
    }
    // The page was thrown out of memory and came back: where the browser still allows it, go on by itself.
    onPermission(function (state) {
      if (state === "granted") ask();
    });
  }

  function begin() {
    tell("opened");
    takeUp();
    window.setInterval(beat, BEAT_MS);
    window.setInterval(tick, 1000);
  }

  function onFirstSight() {
    if (isHidden()) return;
    doc.removeEventListener("visibilitychange", onFirstSight, false);
    doc.removeEventListener("webkitvisibilitychange", onFirstSight, false);
    begin();
    doc.addEventListener("visibilitychange", onSight, false);
    doc.addEventListener("webkitvisibilitychange", onSight, false);
  }

  function onClick(event) {
    var at = event.target;
    var what = null;
    while (at && at !== body && !what) {
      what = at.getAttribute("data-do");
      at = at.parentNode;
    }
    if (what === "minta") ask();
    else if (what === "lagi") again();
    else if (what === "berhenti") stop();
    else if (what === "sekarang") flush(true);
  }

  doc.documentElement.className = "js";
  if (body.className === "awal") {
    nameDevice();
    body.addEventListener("click", onClick, false);
    window.addEventListener(
      "online",
      function () {
        beat();
        flush(true);
      },
      false
    );
    // Programs that only look at the page never see it: the link counts as opened from here on.
    doc.addEventListener("visibilitychange", onFirstSight, false);
    doc.addEventListener("webkitvisibilitychange", onFirstSight, false);
    window.addEventListener("load", onFirstSight, false);
  }
})();
