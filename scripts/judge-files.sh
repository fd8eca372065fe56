#!/usr/bin/env bash
# Outside judges over the demonstration's files, with nothing of ours: pdfsig, openssl, qpdf, unzip, xmllint.
#   scripts/judge-files.sh DEMO_FOLDER XSD_FOLDER
# DEMO_FOLDER holds files/*.ofd, files/*.pdf, trust/*.pem and crl/*; XSD_FOLDER the schemas of GB/T 33190 Annex A.
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

. "$(dirname "$0")/judge-proof.sh"

sm3_base64() { openssl dgst -sm3 -binary "$1" | base64 -w 0; }

# references SIGNATURE_XML PACKAGE_FOLDER LATER…: each file it names has the digest it states, and none is left out but the
# list of signatures, itself and what belongs to later signatures (their folders are LATER).
references() {
  local xml=$1 folder=$2 count i path value named=0 file own
  shift 2
  own=$(dirname "$xml")
  count=$(xmllint --xpath 'count(//*[local-name()="Reference"])' "$xml")
  for ((i = 1; i <= count; i++)); do
    path=$(xmllint --xpath "string((//*[local-name()='Reference'])[$i]/@FileRef)" "$xml")
    value=$(xmllint --xpath "normalize-space((//*[local-name()='Reference'])[$i]/*[local-name()='CheckValue'])" "$xml")
    [ "$(sm3_base64 "$folder$path")" = "$value" ] || { echo "$path differs"; return 1; }
    named=$((named + 1))
  done
  while read -r file; do
    case $file in */Signatures.xml | "$own/Signature.xml" | "$own/SignedValue.dat") continue ;; esac
    for i; do case $file in "$i"/*) continue 2 ;; esac; done
    grep -qF "\"${file#"$folder"}\"" "$xml" || { echo "$file is not covered"; return 1; }
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
  judge "$name: stamper’s certificate not revoked" not_revoked "$work/stamper.der"
  # [0]: the token, wrapped in a bit string
  child "$value" 5 1 >"$work/wrapped.der"
  inside "$work/wrapped.der" 0 1 | tail -c +2 >"$work/stamp.tst"
  sm2_time_stamp "$name: stamp’s time-stamp" "$work/stamp.tst" "$work/stamp.sig"
  [ ! -f "$(dirname "$value")/Seal.esl" ] || judge "$name: Seal.esl is the seal inside" cmp "$seal" "$(dirname "$value")/Seal.esl"
}

# The repository's own signature: SignedData of GB/T 35275 over SM3 of the description.
judge_outer() {
  local value=$1 name=$2 data=$work/outer.der certificates lists number last serial candidate list
  certificates=$(mktemp -d -p "$work")
  rm -f "$work/outer-signer.der"
  child "$value" 2 1 >"$data"
  last=$(count "$data")
  judge "$name: SignedData of GB/T 35275" says_oid "$gm_signed_data" "$value" 1
  judge "$name: its content is data of GB/T 35275" says_oid "$gm_data" "$data" 3 1
  content "$data" 3 2 1 >"$work/content"
  openssl dgst -sm3 -binary "$(dirname "$value")/Signature.xml" >"$work/digest"
  judge "$name: content is SM3 of Signature.xml" cmp "$work/content" "$work/digest"
  child "$data" 4 >"$work/set.der" && keep_certificates "$work/set.der" "$certificates"
  child "$data" "$last" 1 >"$work/signer-info.der"
  judge "$name: signs with SM2" says_oid "$gm_sm2" "$work/signer-info.der" 4 1
  serial=$(words "$work/signer-info.der" 2 2)
  for candidate in "$certificates"/*.pem; do
    [ "$(openssl x509 -in "$candidate" -noout -serial | cut -d= -f2)" = "$serial" ] &&
      openssl x509 -in "$candidate" -outform DER -out "$work/outer-signer.der"
  done
  content "$work/signer-info.der" 5 >"$work/outer.sig"
  judge "$name: SM2 signature over the content" sm2 "$work/outer-signer.der" "$work/content" "$work/outer.sig"
  judge "$name: certificate chain" certificate_chain "$work/outer-signer.der" "$certificates"
  judge "$name: certificate not revoked" not_revoked "$work/outer-signer.der"
  lists=$((last - 5))
  judge "$name: brings revocation lists along" [ "$lists" -eq 1 ]
  [ "$lists" -ne 1 ] || child "$data" 5 >"$work/lists.der"
  for ((number = 1; lists == 1 && number <= $(count "$work/lists.der"); number++)); do
    list=$work/list.der
    child "$work/lists.der" "$number" >"$list"
    judge "$name: revocation list $number" list_holds "$list" "$certificates"
  done
  judge "$name: has a time-stamp" says_oid id-smime-aa-timeStampToken "$work/signer-info.der" 6 1 1
  child "$work/signer-info.der" 6 1 2 1 >"$work/outer.tst"
  sm2_time_stamp "$name: time-stamp" "$work/outer.tst" "$work/outer.sig"
}

# signature_types SIGNATURES_XML: the kinds of its signatures, in order.
signature_types() { xmllint --xpath '//*[local-name()="Signature"]/@Type' "$1" | tr -d ' \n'; }
is_sealed_and_signed() { [ "$(signature_types "$1")" = 'Type="Seal"Type="Sign"' ]; }

judge_ofd() {
  local file=$1 name folder part list count i where
  name=$(basename "$file")
  folder=$work/package
  rm -rf "$folder"
  judge "$name: unzip -t" unzip -tqq "$file"
  unzip -qq "$file" -d "$folder"
  while read -r part; do judge_xml "$part" "$name${part#"$folder"}"; done < <(find "$folder" -name '*.xml' | sort)
  list=$(find "$folder" -name Signatures.xml)
  judge "$name: a seal, and an outer signature" is_sealed_and_signed "$list"
  local -a folders=()
  count=$(xmllint --xpath 'count(//*[local-name()="Signature"])' "$list")
  for ((i = 1; i <= count; i++)); do
    where=$(xmllint --xpath "string((//*[local-name()='Signature'])[$i]/@BaseLoc)" "$list")
    folders+=("$(dirname "$(dirname "$list")/$where")")
  done
  judge_stamp "${folders[0]}/SignedValue.dat" "$name"
  judge_outer "${folders[1]}/SignedValue.dat" "$name: outer signature"
  for ((i = 0; i < count; i++)); do
    judge "$name: references of signature $((i + 1))" references "${folders[i]}/Signature.xml" "$folder" "${folders[@]:i+1}"
  done
}

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
  judge "$name: openssl cms -verify" openssl cms -verify -inform DER -binary -in "$work/cms.der" \
    -content "$work/content" -CAfile "$work/trust.pem" -no_check_time -out /dev/null
  judge_pdf_time "$name"
}

# The token beside the signature value, in the CMS structure that judge_pdf has left.
judge_pdf_time() {
  local data=$work/pdf.der info=$work/pdf-signer.der
  child "$work/cms.der" 2 1 >"$data"
  child "$data" "$(count "$data")" 1 >"$info"
  judge "$1: has a time-stamp" says_oid id-smime-aa-timeStampToken "$info" 7 1 1
  child "$info" 7 1 2 1 >"$work/pdf.tst"
  content "$info" 6 >"$work/pdf.sig"
  rsa_time_stamp "$1: time-stamp" "$work/pdf.tst" "$work/pdf.sig"
}

# Every list in crl/, kept as DER in $work/crl.
judge_lists() {
  local file kept
  mkdir "$work/crl"
  for file in "$demo"/crl/*; do
    kept=$work/crl/$(basename "$file").der
    openssl crl -in "$file" -outform DER -out "$kept"
    judge "crl/$(basename "$file"): revocation list" list_holds "$kept" "$demo/trust"
  done
}

shopt -s nullglob
cat "$demo"/trust/*.pem >"$work/trust.pem"
judge_lists
for file in "$demo"/files/*.ofd; do judge_ofd "$file"; done
for file in "$demo"/files/*.pdf; do judge_pdf "$file"; done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
