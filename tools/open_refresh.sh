#!/usr/bin/env bash
# Puts the tables as `make refresh` has left them on a branch of their own and opens a pull request with what changed, and
# with what the tests say of it. Needs git, gh and a token; run by .github/workflows/refresh.yml.
set -euo pipefail
cd "$(dirname "$0")/.."
branch=fresh-numbers-$(date -u +%F) # one a day: what somebody has added to an older one stays
page=dist/refresh/page.md
body=dist/refresh/body.md

if git diff --quiet -- data; then
    echo "The tables are as the exchanges say: no pull request."
    exit 0
fi
# A pull request opened by a workflow starts no other workflow: so the tests run here.
if make test >dist/refresh/test.txt 2>&1; then
    outcome="\`make test\` passes with these tables."
else
    outcome="\`make test\` does **not** pass with these tables: sentences or outputs still have the old figures. The end of it:"
    outcome+=$'\n\n```\n'"$(tail -n 40 dist/refresh/test.txt | cut -c1-300)"$'\n```'
fi
# GitHub takes 65,536 characters.
{
    printf '%s\n\n' "$outcome" "Read every line marked **!** at its source before you merge. CONTRIBUTING.md, *Fresh numbers*, says what to do next."
    head -c 55000 "$page"
} >"$body"

title="Fresh numbers of $(date -u +%F)"
git switch --quiet --force-create "$branch"
git add data
git -c user.name="github-actions[bot]" -c user.email="41898282+github-actions[bot]@users.noreply.github.com" commit --quiet -m "$title" -m "As the exchanges' public APIs answered; the pull request has the figures side by side."
git push --quiet --force origin "$branch"
if [ -n "$(gh pr list --head "$branch" --state open --json number --jq '.[].number')" ]; then
    gh pr edit "$branch" --title "$title" --body-file "$body"
else
    gh pr create --head "$branch" --title "$title" --body-file "$body"
fi
