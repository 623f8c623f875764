#!/usr/bin/env bash
# Is a program built as cmake/Hardening.cmake says? Each line names what is missing.
#     tests/packaging/hardening.sh PROGRAM
set -euo pipefail
program=$1
failed=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
readelf -hldW "$program" >"$scratch/elf"
readelf --dyn-syms -W "$program" >"$scratch/symbols"
processor=$(sed -n 's/^ *Machine: *//p' "$scratch/elf")
objdump=objdump
if [[ $processor == AArch64 && $(uname -m) != aarch64 ]]; then objdump=aarch64-linux-gnu-objdump; fi
$objdump -d --no-show-raw-insn "$program" >"$scratch/code"
has() {  # WHAT FILE PATTERN [AT LEAST]
    local count
    count=$(grep -acE -- "$3" "$2" || true)
    if [ "$count" -lt "${4:-1}" ]; then echo "FAILED: $1 ($3: $count)"; failed=1; fi
}
has "it can be loaded anywhere (PIE)" "$scratch/elf" 'Type: +DYN'
has "it says that it is a program (PIE)" "$scratch/elf" 'Flags: .*PIE'
has "functions of libraries are looked up before it starts" "$scratch/elf" 'BIND_NOW|Flags: .*NOW'
has "what is looked up is read-only then" "$scratch/elf" 'GNU_RELRO'
has "the stack holds no code" "$scratch/elf" 'GNU_STACK .* RW '
has "the stack is protected" "$scratch/symbols" '__stack_chk_fail'
has "sizes are checked by the C library" "$scratch/symbols" '__(mem|str|vsn|sn|v?f?printf|read|pread|readlink|realpath|fdelt)[a-z]*_chk'
has "indexes are checked by the C++ library" "$program" '__n < this->size\(\)'  # what it says if one is wrong
case $processor in
*X86-64)
    # The mark of the whole program (readelf -n) is there only where the C library's start files have it, which
    # Debian's do not.
    has "functions begin with a landing place (IBT)" "$scratch/code" 'endbr64' 1000
    has "the stack is touched page by page" "$scratch/code" 'or[ql] +\$0x0,(0x[0-9a-f]+)?\(%rsp' ;;
AArch64)
    has "functions begin with a landing place (BTI)" "$scratch/code" '(bti|paciasp)' 1000 ;;
esac
exit $failed
