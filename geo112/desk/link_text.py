"""The words around a link: what the SMS says, and the address that opens WhatsApp with them."""

from urllib.parse import quote

from geo112.core.errors import Conflict

SMS_SEPTETS = 160

# The alphabet of GSM 03.38 without national letters, as far as these texts need it; the second row takes two septets.
_ONE = frozenset("@$_ !\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz\n\r")
_TWO = frozenset("^{}\\[~]|")

# The longest one that fits is taken. The address stands last, with nothing behind it that a telephone could take in.
_TEXTS = (
    "112 {nama}: ketuk tautan ini, lalu pilih Izinkan, agar petugas tahu lokasi Anda. Jangan tutup telepon. {url}",
    "112 {nama}: ketuk, lalu pilih Izinkan, agar petugas tahu lokasi Anda: {url}",
    "112 {nama}: kirim lokasi Anda: {url}",
    "112: kirim lokasi Anda: {url}",
)


def septets(text: str) -> int | None:
    """Count the septets that a text takes in one SMS; None when the alphabet of GSM 03.38 cannot write it."""
    if not all(sign in _ONE or sign in _TWO for sign in text):
        return None
    return len(text) + sum(sign in _TWO for sign in text)


def link_text(*, nama: str, url: str) -> str:
    """Write what the caller reads, in one SMS; raises Conflict when the address alone is too long for one."""
    for form in _TEXTS:
        text = form.format(nama=nama, url=url)
        needed = septets(text)
        if needed is not None and needed <= SMS_SEPTETS:
            return text
    raise Conflict("the address of this centre is too long for an SMS: set a shorter public_url", field="public_url")


def whatsapp_url(text: str, *, number: str | None) -> str:
    """Give the address that opens WhatsApp with the text, in the chat with a number or for choosing one."""
    digits = (number or "").removeprefix("+")
    return f"https://wa.me/{digits if digits.isdecimal() else ''}?text={quote(text, safe='')}"
