# Sourced by judge-files.sh: DER taken apart, certificate chains, revocation lists and time-stamps, by openssl alone.
# Wants $work (an own folder), $demo (with trust/ and crl/) and the function judge.

sm2_id=distid:1234567812345678
# OpenSSL knows the rest by name.
gm_signed_data=1.2.156.10197.6.1.4.2.2
gm_data=1.2.156.10197.6.1.4.2.1
gm_sm2=1.2.156.10197.1.301.1

# slice FILE OFFSET LENGTH: those bytes.
slice() { tail -c "+$(($2 + 1))" "$1" | head -c "$3"; }

# member FILE DEPTH NUMBER: `offset header length` of the nth element (from 1) at a depth of a DER file.
member() {
  openssl asn1parse -inform DER -in "$1" |
    sed -nE "s/^ *([0-9]+):d=$2 +hl= *([0-9]+) +l= *([0-9]+) .*/\1 \2 \3/p" | sed -n "${3}p"
}
whole() { local o h l; read -r o h l < <(member "$@") && slice "$1" "$o" $((h + l)); }
inside() { local o h l; read -r o h l < <(member "$@") && slice "$1" $((o + h)) "$l"; }

# child FILE NUMBER…: the element found by going down, each step to the nth member of what was found; fails for none.
child() {
  local here next number
  here=$(mktemp -p "$work") && cp "$1" "$here" || return 1
  shift
  for number; do
    next=$(mktemp -p "$work")
    whole "$here" 1 "$number" >"$next"
    mv "$next" "$here"
    [ -s "$here" ] || { rm "$here"; return 1; }
  done
  cat "$here"
  rm "$here"
}
# content FILE NUMBER…: what stands inside that element.
content() {
  local here
  here=$(mktemp -p "$work")
  child "$@" >"$here" || { rm "$here"; return 1; }
  inside "$here" 0 1
  rm "$here"
}
# words FILE NUMBER…: what openssl calls that element's value.
words() { child "$@" | openssl asn1parse -inform DER | sed -nE '1s/^[^:]*:[^:]*:[^:]*:(.*)$/\1/p'; }
count() { openssl asn1parse -inform DER -in "$1" | grep -c '^ *[0-9]*:d=1 '; }

# says_oid NAME FILE NUMBER…
says_oid() {
  local wanted=$1 got
  shift
  got=$(words "$@")
  [ "$got" = "$wanted" ] || { echo "$got instead of $wanted"; return 1; }
}

# sm2 CERTIFICATE_DER MESSAGE SIGNATURE
sm2() {
  openssl x509 -inform DER -in "$1" -noout -pubkey >"$work/public.pem" &&
    openssl pkeyutl -verify -pubin -inkey "$work/public.pem" -rawin -digest sm3 -pkeyopt "$sm2_id" -in "$2" -sigfile "$3"
}

# certificate_chain DER [FOLDER]: each issuer, from FOLDER or trust/, holds, up to a self-signed one in trust/.
certificate_chain() {
  local certificate=$work/hop.pem issuer subject candidate next
  openssl x509 -inform DER -in "$1" -out "$certificate"
  for _ in 1 2 3 4 5 6; do
    issuer=$(openssl x509 -in "$certificate" -noout -issuer_hash)
    subject=$(openssl x509 -in "$certificate" -noout -subject_hash)
    next=
    for candidate in "$demo"/trust/*.pem ${2:+"$2"/*.pem}; do
      [ "$(openssl x509 -in "$candidate" -noout -subject_hash)" = "$issuer" ] || continue
      openssl verify -partial_chain -no_check_time -vfyopt "$sm2_id" -trusted "$candidate" "$certificate" >/dev/null 2>&1 &&
        next=$candidate && break
    done
    [ -n "$next" ] || { echo "no issuer in trust/ holds"; return 1; }
    if [ "$issuer" = "$subject" ]; then
      case $next in "$demo"/trust/*) return 0 ;; *) echo 'a root that nobody trusts'; return 1 ;; esac
    fi
    cp "$next" "$certificate"
  done
  echo 'the chain has no end'
  return 1
}

# keep_certificates DER FOLDER: every member of a set of certificates, as FOLDER/<n>.pem.
keep_certificates() {
  local number
  mkdir -p "$2"
  for ((number = 1; number <= $(count "$1"); number++)); do
    child "$1" "$number" | openssl x509 -inform DER -out "$2/$number.pem" || return 1
  done
}

# list_holds CRL_DER FOLDER: its issuer, from FOLDER or trust/, signed it, and it is in force.
list_holds() {
  local issuer candidate tbs=$work/list.tbs signature=$work/list.sig own=$work/list-issuer.der
  issuer=$(openssl crl -inform DER -in "$1" -noout -hash) || return 1
  [ "$(date -d "$(openssl crl -inform DER -in "$1" -noout -nextupdate | cut -d= -f2)" +%s)" -gt "$(date +%s)" ] ||
    { echo 'the list has run out'; return 1; }
  child "$1" 1 >"$tbs"
  inside "$1" 1 3 | tail -c +2 >"$signature"
  for candidate in "$demo"/trust/*.pem "$2"/*.pem; do
    [ -f "$candidate" ] && [ "$(openssl x509 -in "$candidate" -noout -subject_hash)" = "$issuer" ] || continue
    openssl x509 -in "$candidate" -outform DER -out "$own"
    case $(words "$1" 2 1) in
      SM2-with-SM3) sm2 "$own" "$tbs" "$signature" >/dev/null 2>&1 && return 0 ;;
      *) openssl x509 -in "$candidate" -noout -pubkey >"$work/public.pem" &&
        openssl dgst -sha256 -verify "$work/public.pem" -signature "$signature" "$tbs" >/dev/null 2>&1 && return 0 ;;
    esac
  done
  echo 'no issuer of the list holds'
  return 1
}

# not_revoked CERTIFICATE_DER: a list in crl/ speaks of its issuer, and does not name it.
not_revoked() {
  local issuer serial list known=
  issuer=$(openssl x509 -inform DER -in "$1" -noout -issuer_hash)
  serial=$(openssl x509 -inform DER -in "$1" -noout -serial | cut -d= -f2)
  for list in "$work"/crl/*.der; do
    [ "$(openssl crl -inform DER -in "$list" -noout -hash)" = "$issuer" ] || continue
    known=yes
    openssl crl -inform DER -in "$list" -noout -text | grep -q "Serial Number: $serial\$" && { echo revoked; return 1; }
  done
  [ -n "$known" ] || { echo 'no list speaks of it'; return 1; }
}

# may_stamp CERTIFICATE_PEM: its key is for time-stamps and nothing else.
may_stamp() {
  openssl x509 -in "$1" -noout -ext extendedKeyUsage | tr '\n' ' ' | grep -q 'critical *Time Stamping *$' ||
    { echo 'not for time-stamps alone'; return 1; }
}

# sm2_time_stamp NAME TOKEN STAMPED: a token over SM3 of a file, taken apart (openssl ts knows no SM2 signatures).
sm2_time_stamp() {
  local name=$1 token=$2 stamped=$3 signed=$work/token.der info=$work/info.tst signer=$work/token-signer.der
  local attributes=$work/attributes.der folder serial number candidate
  folder=$(mktemp -d -p "$work")
  # nothing of the last token may be taken for this one's
  rm -f "$work/message-digest" "$work/token-signer.pem" "$signer"
  child "$token" 2 1 >"$signed"
  content "$signed" 3 2 1 >"$info"
  judge "$name: holds TSTInfo" says_oid id-smime-ct-TSTInfo "$signed" 3 1
  judge "$name: imprint by SM3" says_oid sm3 "$info" 3 1 1
  openssl dgst -sm3 -binary "$stamped" >"$work/digest"
  content "$info" 3 2 >"$work/imprint"
  judge "$name: imprint of what it stamps" cmp "$work/imprint" "$work/digest"
  child "$signed" 4 >"$work/token-certificates.der"
  keep_certificates "$work/token-certificates.der" "$folder"
  child "$signed" "$(count "$signed")" 1 >"$work/token-signer-info.der"
  serial=$(words "$work/token-signer-info.der" 2 2)
  for candidate in "$folder"/*.pem; do
    [ "$(openssl x509 -in "$candidate" -noout -serial | cut -d= -f2)" = "$serial" ] && cp "$candidate" "$work/token-signer.pem"
  done
  openssl x509 -in "$work/token-signer.pem" -outform DER -out "$signer"
  child "$work/token-signer-info.der" 4 >"$attributes"
  openssl dgst -sm3 -binary "$info" >"$work/digest"
  for ((number = 1; number <= $(count "$attributes"); number++)); do
    [ "$(words "$attributes" "$number" 1)" != messageDigest ] || content "$attributes" "$number" 2 1 >"$work/message-digest"
  done
  judge "$name: signed attribute is SM3 of TSTInfo" cmp "$work/message-digest" "$work/digest"
  # signed as the SET that it is, not under its tag in the structure (RFC 5652 §5.4)
  { printf '\x31'; tail -c +2 "$attributes"; } >"$work/attributes.set"
  content "$work/token-signer-info.der" 6 >"$work/token.sig"
  judge "$name: SM2 signature over the signed attributes" sm2 "$signer" "$work/attributes.set" "$work/token.sig"
  judge "$name: certificate for time-stamps" may_stamp "$work/token-signer.pem"
  judge "$name: certificate chain" certificate_chain "$signer" "$folder"
  judge "$name: certificate not revoked" not_revoked "$signer"
  rm -r "$folder"
}

# rsa_time_stamp NAME TOKEN STAMPED
rsa_time_stamp() {
  judge "$1: openssl ts -verify" openssl ts -verify -token_in -in "$2" -data "$3" -CAfile "$work/trust.pem"
}
