#!/usr/bin/env bash
# After a release's image is pushed: a tag binder-v1.2.3 whose only file tells Binder to take that image.
#   tools/binder_tag.sh IMAGE v1.2.3
set -euo pipefail
file=$(printf 'FROM %s\n' "$1" | git hash-object -w --stdin)
tree=$(printf '100644 blob %s\tDockerfile\n' "$file" | git mktree)
who=(-c user.name="github-actions[bot]" -c user.email="github-actions[bot]@users.noreply.github.com")
commit=$(git "${who[@]}" commit-tree "$tree" -m "The course's image of $2, for Binder")
git push --quiet origin "$commit:refs/tags/binder-$2"
