#!/bin/sh
# Pin the actions of workflow files to the commits that their tags are at now:
#     workflows/pin.sh .github/workflows/*.yml
# `uses: actions/checkout@v5` becomes `uses: actions/checkout@<40 hex digits> # v5`. What is pinned
# already stays; to renew it write the tag again.
set -eu

sed -n 's/^[ -]*uses: *\([A-Za-z0-9_.\/-]*@v[0-9.]*\) *$/\1/p' "$@" | sort -u | while read -r action; do
  tag=${action#*@}
  repository=$(printf '%s' "${action%@*}" | cut -d/ -f1,2)
  # An annotated tag has two lines; the one with ^{} is its commit.
  commit=$(git ls-remote "https://github.com/$repository" "refs/tags/$tag" "refs/tags/$tag^{}" |
    sort -k2 | tail -n1 | cut -f1)
  if [ -z "$commit" ]; then
    echo "there is no tag $tag in $repository" >&2
    exit 1
  fi
  for file in "$@"; do
    sed "s|uses: *$action *\$|uses: ${action%@*}@$commit # $tag|" "$file" > "$file.pinned"
    cat "$file.pinned" > "$file"
    rm "$file.pinned"
  done
  echo "$action is $commit"
done
