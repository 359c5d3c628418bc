# The part of the kprobe recorder that is the same for every driver and kernel; kprobe-script.ts puts
# what it is told (groups, driver, kernel, probes) before it. Plain POSIX sh: dash and busybox run it.

die() {
	echo "record: $*" >&2
	exit 2
}

# --- offsets of struct members ---------------------------------------------------------------

# From the BTF of the running kernel.
btf_offset() { # struct.member
	pahole -C "${1%%.*}" /sys/kernel/btf/vmlinux 2>/dev/null |
		sed -n "s|^.*[ *]${1#*.};[^/]*/\*  *\([0-9][0-9]*\) .*|\1|p" | head -n 1
}

# Without pahole: x86-64 layouts that were read from the BTF of 6.1, 6.12 and 6.18. mm_struct and
# file differ with the configuration, so what needs them is left out.
known_offset() { # struct.member
	case $1 in
	mmu_interval_notifier.interval_tree) echo 0 ;;
	mmu_interval_notifier.mm) echo 56 ;;
	mmu_interval_notifier.invalidate_seq) echo 80 ;;
	interval_tree_node.start) echo 24 ;;
	interval_tree_node.last) echo 32 ;;
	mmu_notifier_subscriptions.invalidate_seq) echo 16 ;;
	mmu_notifier_subscriptions.active_invalidate_ranges) echo 24 ;;
	mmu_notifier_range.mm) echo $((0 + shift_by)) ;;
	mmu_notifier_range.start) echo $((8 + shift_by)) ;;
	mmu_notifier_range.end) echo $((16 + shift_by)) ;;
	mmu_notifier_range.flags) echo $((24 + shift_by)) ;;
	mmu_notifier_range.event) echo $((28 + shift_by)) ;;
	mmu_notifier_range.owner) echo $((32 + shift_by)) ;;
	hmm_range.notifier | migrate_vma.vma) echo 0 ;;
	hmm_range.notifier_seq) echo 8 ;;
	hmm_range.start) echo 16 ;;
	hmm_range.end | migrate_vma.cpages) echo 24 ;;
	hmm_range.hmm_pfns | migrate_vma.npages) echo 32 ;;
	hmm_range.default_flags | migrate_vma.start) echo 40 ;;
	hmm_range.pfn_flags_mask | migrate_vma.end) echo 48 ;;
	hmm_range.dev_private_owner | migrate_vma.pgmap_owner) echo 56 ;;
	migrate_vma.flags) echo 64 ;;
	esac
}

if command -v pahole >/dev/null && [ -n "$(btf_offset mmu_notifier_range.mm)" ]; then
	offset=btf_offset
else
	offset=known_offset
	case $kernel in
	6.1 | 6.1.*) shift_by=8 ;; # a vma pointer comes first
	6.1[2-8] | 6.1[2-8].*) shift_by=0 ;;
	*) die "no BTF read by pahole, and the layout of kernel $kernel is not known: install pahole (package pahole or dwarves; needs CONFIG_DEBUG_INFO_BTF)" ;;
	esac
	[ "$(uname -m)" = x86_64 ] || die "no BTF read by pahole, and the known layouts are those of x86-64: install pahole"
	echo "record: no pahole: using the known layout of $kernel; subs_seq and active of an mm are not recorded" >&2
fi
for member in $required_members; do
	[ -n "$($offset "$member")" ] || die "the offset of $member is not known on this kernel"
done
[ "$($offset mmu_interval_notifier.interval_tree)" = 0 ] || die "interval_tree is not the first member of struct mmu_interval_notifier: this recorder does not know that layout"

fill=
for member in $(probes | tr '{}' '\n\n' | grep -E '^[a-z_]+[.][a-z_]+$' | sort -u); do
	at=$($offset "$member")
	[ -n "$at" ] && fill="$fill;s/{$member}/$at/g"
done
# An argument whose offset is unknown is left out.
lines=$(probes | sed -e "$fill" -e 's/ [^ ]*{[^ ]*//g')

# --- arguments -------------------------------------------------------------------------------

out=mmreplay-trace.txt
while getopts no: option; do
	case $option in
	n) printf '%s\n' "$lines" && exit 0 ;;
	o) out=$OPTARG ;;
	*) die "usage: record.sh [-n] [-o FILE] [COMMAND [ARGUMENT...]]" ;;
	esac
done
shift $((OPTIND - 1))

# --- checks before anything is changed -------------------------------------------------------

tracefs=${TRACEFS:-/sys/kernel/tracing}
instance=$tracefs/instances/mmreplay
[ "$(id -u)" = 0 ] || die "must run as root (only root may install probes)"
[ -w "$tracefs/kprobe_events" ] || die "no $tracefs/kprobe_events: mount -t tracefs none $tracefs, or a kernel with CONFIG_KPROBE_EVENTS"
[ ! -e "$instance" ] || die "$instance exists: is another recorder running? If not: rmdir $instance"
for group in $groups; do
	[ ! -e "$tracefs/events/$group" ] || die "kprobe group $group exists: its probes are somebody else's (see $tracefs/kprobe_events)"
done
[ -z "$driver" ] || [ -e "/sys/module/$driver" ] || die "module $driver is not loaded: modprobe $driver"
: >"$out" || die "cannot write $out"

# --- clean-up, however this ends -------------------------------------------------------------

installed=
stop=
cleanup() {
	trap '' HUP INT TERM
	if [ -d "$instance" ]; then
		echo 0 >"$instance/tracing_on"
		for group in $groups; do
			[ -e "$instance/events/$group/enable" ] && echo 0 >"$instance/events/$group/enable"
		done
		rmdir "$instance" 2>/dev/null || echo "record: could not remove $instance" >&2
	fi
	for name in $installed; do
		echo "-:$name" >>"$tracefs/kprobe_events" || echo "record: could not remove probe $name" >&2
	done
}
trap cleanup EXIT
trap 'stop=yes' HUP INT TERM

# --- probes ----------------------------------------------------------------------------------

skipped=
set -f
IFS='
'
for line in $lines; do
	name=${line%% *}
	name=${name#*:}
	if (printf '%s\n' "$line" >>"$tracefs/kprobe_events") 2>/dev/null; then
		installed="$installed $name"
	else
		skipped="$skipped $name"
	fi
done
unset IFS
set +f
for name in $required_probes; do
	case " $skipped " in
	*" $name "*) die "the kernel refuses probe $name; its reason is in $tracefs/error_log" ;;
	esac
done
[ -z "$skipped" ] || echo "record: not in this kernel, left out:$skipped" >&2

# --- recording -------------------------------------------------------------------------------

mkdir "$instance" || die "cannot make $instance"
echo 0 >"$instance/tracing_on"
echo mono >"$instance/trace_clock" || die "this kernel has no mono clock"
echo "${BUFFER_KB:-32768}" >"$instance/buffer_size_kb" || die "not enough memory for the buffers: BUFFER_KB=4096 sh record.sh ..."
[ ! -e "$instance/options/record-tgid" ] || echo 1 >"$instance/options/record-tgid"
for group in $groups; do
	[ ! -e "$instance/events/$group/enable" ] || echo 1 >"$instance/events/$group/enable"
done
echo 1 >"$instance/tracing_on"

status=0
if [ $# -gt 0 ]; then
	"$@" || status=$?
else
	echo "record: recording, Ctrl-C ends it" >&2
	while [ -z "$stop" ]; do sleep 1; done
fi
echo 0 >"$instance/tracing_on"
cat "$instance/trace" >"$out" || die "cannot write $out: the recording is lost"

# --- what came of it -------------------------------------------------------------------------

counts=$(sed -n 's|^# entries-in-buffer/entries-written: \([0-9]*/[0-9]*\).*|\1|p' "$out" | head -n 1)
[ "${counts%/*}" = "${counts#*/}" ] ||
	echo "record: the buffer overflowed, $counts events are left: raise BUFFER_KB" >&2
missed=$(awk -v ours="$installed " '$3 > 0 && index(ours, "/" $1 " ") { print $1 }' "$tracefs/kprobe_profile" 2>/dev/null)
[ -z "$missed" ] || echo "record: the kernel missed hits of:" $missed >&2
echo "record: ${counts#*/} events in $out" >&2
echo "next:   mmreplay check $out" >&2
exit "$status"
