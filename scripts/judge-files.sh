#!/usr/bin/env bash
# Outside judges over the demonstration's files, with nothing of ours: pdfsig, openssl, qpdf, unzip, xmllint.
#   scripts/judge-files.sh DEMO_FOLDER XSD_FOLDER
# DEMO_FOLDER holds files/*.ofd, files/*.pdf and trust/*.pem; XSD_FOLDER the schemas of GB/T 33190 Annex A.
# Prints one line a judgement; ends with `N passed, N failed`, and status 1 when anything failed.
set -uo pipefail

if [ $# -ne 2 ] || [ ! -d "$1/files" ] || [ ! -d "$1/trust" ] || [ ! -f "$2/OFD.xsd" ]; then
  sed -n '2,4s/^# //p' "$0" >&2
  exit 2
fi
for program in pdfsig openssl qpdf unzip xmllint basenc; do
  command -v "$program" >/dev/null || { echo "$program is not on PATH" >&2; exit 2; }
done

demo=$(cd "$1" && pwd)
schemas=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
sm2_id=distid:1234567812345678

# judge WHAT COMMAND…: run it quietly; say passed or failed, with its last words.
judge() {
  local what=$1 words
  shift
  if words=$("$@" 2>&1); then
    passed=$((passed + 1))
    printf 'passed  %s\n' "$what"
  else
    failed=$((failed + 1))
    printf 'FAILED  %s: %s\n' "$what" "$(tail -n 2 <<<"$words" | tr '\n' ' ')"
  fi
}

# slice FILE OFFSET LENGTH: those bytes.
slice() { tail -c "+$(($2 + 1))" "$1" | head -c "$3"; }

# member FILE DEPTH NUMBER: `offset header length` of the nth element (from 1) at a depth of a DER file.
member() {
  openssl asn1parse -inform DER -in "$1" |
    sed -nE "s/^ *([0-9]+):d=$2 +hl= *([0-9]+) +l= *([0-9]+) .*/\1 \2 \3/p" | sed -n "${3}p"
}
whole() { local o h l; read -r o h l < <(member "$@"); slice "$1" "$o" $((h + l)); }
inside() { local o h l; read -r o h l < <(member "$@"); slice "$1" $((o + h)) "$l"; }

# certificate_chain DER: every issuer up to a self-signed one is in trust/, and each signature holds.
certificate_chain() {
  local certificate=$work/hop.pem issuer subject candidate next
  openssl x509 -inform DER -in "$1" -out "$certificate"
  for _ in 1 2 3 4 5 6; do
    issuer=$(openssl x509 -in "$certificate" -noout -issuer_hash)
    subject=$(openssl x509 -in "$certificate" -noout -subject_hash)
    next=
    for candidate in "$demo"/trust/*.pem; do
      [ "$(openssl x509 -in "$candidate" -noout -subject_hash)" = "$issuer" ] || continue
      openssl verify -partial_chain -no_check_time -vfyopt "$sm2_id" -trusted "$candidate" "$certificate" >/dev/null 2>&1 &&
        next=$candidate && break
    done
    [ -n "$next" ] || { echo "no issuer in trust/ holds"; return 1; }
    [ "$issuer" != "$subject" ] || return 0
    cp "$next" "$certificate"
  done
  echo 'the chain has no end'
  return 1
}

# sm2 CERTIFICATE_DER MESSAGE SIGNATURE
sm2() {
  openssl x509 -inform DER -in "$1" -noout -pubkey >"$work/public.pem" &&
    openssl pkeyutl -verify -pubin -inkey "$work/public.pem" -rawin -digest sm3 -pkeyopt "$sm2_id" -in "$2" -sigfile "$3"
}

sm3_base64() { openssl dgst -sm3 -binary "$1" | base64 -w 0; }

# references SIGNATURE_XML PACKAGE_FOLDER: each file it names has the digest it states, and none is left out.
references() {
  local xml=$1 folder=$2 count i path value named=0 file
  count=$(xmllint --xpath 'count(//*[local-name()="Reference"])' "$xml")
  for ((i = 1; i <= count; i++)); do
    path=$(xmllint --xpath "string((//*[local-name()='Reference'])[$i]/@FileRef)" "$xml")
    value=$(xmllint --xpath "normalize-space((//*[local-name()='Reference'])[$i]/*[local-name()='CheckValue'])" "$xml")
    [ "$(sm3_base64 "$folder$path")" = "$value" ] || { echo "$path differs"; return 1; }
    named=$((named + 1))
  done
  while read -r file; do
    file=${file#"$folder"}
    case $file in */Signatures.xml | */Signs/*/Signature.xml | */SignedValue.dat) continue ;; esac
    grep -qF "\"$file\"" "$xml" || { echo "$file is not covered"; return 1; }
  done < <(find "$folder" -type f)
  [ "$named" -gt 0 ]
}

# Which schema a part of the package obeys, by its root element; empty for what is not the standard's.
schema_of() {
  case $(xmllint --xpath 'local-name(/*)' "$1" 2>/dev/null) in
    OFD) echo OFD ;; Document) echo Document ;; Page) echo Page ;; Res) echo Res ;;
    Signatures) echo Signatures ;; Signature) echo Signature ;; Annotations) echo Annotations ;;
    PageAnnot) echo Annotation ;; Attachments) echo Attachments ;; CustomTags) echo CustomTags ;;
    Extensions) echo Extensions ;; DocVersion) echo Version ;;
  esac
}

judge_xml() {
  local file=$1 name=$2 schema
  schema=$(schema_of "$file")
  if [ -z "$schema" ] || ! grep -q 'www.ofdspec.org' "$file"; then
    judge "$name: well formed" xmllint --noout --nonet "$file"
    return
  fi
  # The schema of 2016 names only MD5 and SHA1; whoever signs with SM3 must depart from it in this one attribute.
  sed -E 's/ CheckMethod="[^"]*"//' "$file" >"$work/part.xml"
  judge "$name: $schema.xsd" xmllint --noout --nonet --schema "$schemas/$schema.xsd" "$work/part.xml"
}

judge_stamp() {
  local value=$1 name=$2 seal=$work/seal.der part
  whole "$value" 1 1 >"$work/tbs.der"
  inside "$value" 1 2 >"$work/stamper.der"
  inside "$value" 1 4 | tail -c +2 >"$work/stamp.sig"
  whole "$work/tbs.der" 1 2 >"$seal"
  whole "$seal" 1 1 >"$work/info.der"
  inside "$seal" 1 2 >"$work/maker.der"
  inside "$seal" 1 4 | tail -c +2 >"$work/seal.sig"
  inside "$work/tbs.der" 1 4 | tail -c +2 >"$work/datahash"
  judge "$name: stamper’s SM2 signature over TBS_Sign" sm2 "$work/stamper.der" "$work/tbs.der" "$work/stamp.sig"
  judge "$name: seal maker’s SM2 signature over SES_SealInfo" sm2 "$work/maker.der" "$work/info.der" "$work/seal.sig"
  openssl dgst -sm3 -binary "$(dirname "$value")/Signature.xml" >"$work/digest"
  judge "$name: dataHash is SM3 of Signature.xml" cmp "$work/datahash" "$work/digest"
  for part in stamper maker; do judge "$name: $part’s certificate chain" certificate_chain "$work/$part.der"; done
  [ ! -f "$(dirname "$value")/Seal.esl" ] || judge "$name: Seal.esl is the seal inside" cmp "$seal" "$(dirname "$value")/Seal.esl"
}

judge_ofd() {
  local file=$1 name folder part
  name=$(basename "$file")
  folder=$work/package
  rm -rf "$folder"
  judge "$name: unzip -t" unzip -tqq "$file"
  unzip -qq "$file" -d "$folder"
  while read -r part; do judge_xml "$part" "$name${part#"$folder"}"; done < <(find "$folder" -name '*.xml' | sort)
  while read -r part; do
    judge_stamp "$part" "$name"
    judge "$name: references" references "$(dirname "$part")/Signature.xml" "$folder"
  done < <(find "$folder" -name SignedValue.dat | sort)
  judge "$name: has a seal" find_one "$folder" SignedValue.dat
}

find_one() { [ -n "$(find "$1" -name "$2" -print -quit)" ]; }

# says FILE WORDS…: every one of the words is in the file.
says() {
  local file=$1 words
  shift
  for words; do grep -qF "$words" "$file" || { echo "does not say: $words"; return 1; }; done
}

judge_pdf() {
  local file=$1 name range first second length
  name=$(basename "$file")
  judge "$name: qpdf --check" qpdf --check "$file"
  pdfsig -nocert "$file" >"$work/pdfsig.txt" 2>&1
  judge "$name: pdfsig" says "$work/pdfsig.txt" 'Signature is Valid' 'Total document signed'
  range=$(grep -a -o -E '/ByteRange *\[[0-9 ]*\]' "$file" | tail -n 1 | tr -dc '0-9 ')
  read -r _ first second length <<<"$range"
  { slice "$file" 0 "$first"; slice "$file" "$second" "$length"; } >"$work/content"
  slice "$file" $((first + 1)) $((second - first - 2)) | tr a-f A-F | basenc --base16 -d >"$work/cms.der"
  cat "$demo"/trust/*.pem >"$work/trust.pem"
  judge "$name: openssl cms -verify" openssl cms -verify -inform DER -binary -in "$work/cms.der" \
    -content "$work/content" -CAfile "$work/trust.pem" -no_check_time -out /dev/null
}

shopt -s nullglob
for file in "$demo"/files/*.ofd; do judge_ofd "$file"; done
for file in "$demo"/files/*.pdf; do judge_pdf "$file"; done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
