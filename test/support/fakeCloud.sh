#!/bin/sh
# Stands in for gcloud, firebase and curl, by the name that it is called by. Keeps in $CLOUD/made what was made, and
# every call in $CLOUD/calls; refuses what the cloud refuses: to make a thing twice, to touch one that is not there.
program=${0##*/}
echo "$program $*" >>"$CLOUD/calls"

if [ -n "$FAIL_AT" ]; then
  case "$program $*" in *"$FAIL_AT"*) echo "PERMISSION_DENIED: not today" >&2; exit 1 ;; esac
fi

# All words; those without the verbs, which say what it is about; and some flags.
words=$program about=$program member= only= recurrence= force=
for word in "$@"; do
  case $word in
    --member=*) member=${word#--member=serviceAccount:} member=${member%%@*} ;;
    --only=*) only=${word#--only=} ;;
    --force) force=yes ;;
    --recurrence=*) recurrence=${word#--recurrence=} ;;
    -*) ;;
    create | describe | update | list | add | versions | add-iam-policy-binding) words="$words $word" ;;
    *) words="$words ${word%%@*}" about="$about ${word%%@*}" ;;
  esac
done

has() { [ -e "$CLOUD/made/$1" ]; }
make() { : >"$CLOUD/made/$1"; }
need() { has "$1" || { echo "NOT_FOUND: $1 does not exist" >&2; exit 1; }; }
once() {
  if has "$1"; then echo "ALREADY_EXISTS: $1" >&2; exit 1; fi
  make "$1"
}

case $words in
  "gcloud services enable "*) ;;
  "gcloud firestore indexes composite list")
    need "rules and indexes"
    # They take two looks to be built.
    if has "looked twice"; then echo READY; elif has "looked once"; then make "looked twice"; echo CREATING; else make "looked once"; echo CREATING; fi ;;
  "gcloud firestore backups schedules list")
    for of in daily weekly; do if has "backup $of"; then echo "${of}Recurrence"; fi; done ;;
  "gcloud firestore backups schedules create") need "gcloud firestore databases"; once "backup $recurrence" ;;
  "gcloud firestore databases update") need "$about"; make protection ;;
  "gcloud firestore databases describe")
    need "$about"
    if has protection; then echo "POINT_IN_TIME_RECOVERY_ENABLED	DELETE_PROTECTION_ENABLED"; fi ;;
  "gcloud secrets versions list "*) need "$about"; if has "value of $about"; then echo 1; fi ;;
  "gcloud secrets versions add "*) need "$about"; cat >"$CLOUD/made/value of $about" ;;
  "firebase hosting:sites:list")
    need firebase
    if has site; then echo '{ "name": "projects/acme-prod/sites/acme-prod" }'; fi ;;
  "firebase hosting:sites:create "*) need firebase; once site ;;
  "firebase apps:list WEB")
    need firebase
    if has "web app"; then echo '{ "status": "success", "result": [{ "appId": "1:2:web:3", "displayName": "ClientPulse console" }] }';
    else echo '{ "status": "success", "result": [{ "appId": "1:2:web:9", "displayName": "Another" }] }'; fi ;;
  "firebase apps:create WEB "*)
    # Without a site it asks for the name of one, and nobody answers.
    need site
    once "web app" ;;
  "firebase apps:sdkconfig WEB "*)
    need "web app"
    echo '{ "status": "success", "result": { "sdkConfig": { "projectId": "acme-prod", "appId": "1:2:web:3", "apiKey": "AIza", "authDomain": "acme-prod.firebaseapp.com", "storageBucket": "b" } } }' ;;
  "firebase projects:addfirebase "*) once firebase ;;
  "firebase functions:artifacts:setpolicy") need "gcloud artifacts repositories gcf-artifacts"; make policy ;;
  "firebase deploy")
    case $only in
      firestore) need "gcloud firestore databases"; make "rules and indexes" ;;
      functions)
        need policy
        for secret in $SECRETS; do need "value of gcloud secrets $secret"; done
        # What is deployed and not in the source is deleted with --force alone.
        for old in "$CLOUD/made/deployed "*; do
          name=${old##*/deployed }
          case " $FUNCTIONS " in *" $name "*) continue ;; esac
          [ -e "$old" ] || continue
          if [ -z "$force" ]; then echo "Aborting because deletion cannot proceed in non-interactive mode: $name" >&2; exit 1; fi
          rm "$old"
        done
        for name in $FUNCTIONS; do make "deployed $name"; done
        make functions ;;
      hosting) need site; need functions; need "web app"; make hosted ;;
      auth) need "web app"; make "sign-in" ;;
      *) echo "unknown target $only" >&2; exit 1 ;;
    esac ;;
  *" create" | *" create "*) once "$about" ;;
  *" describe "*) need "$about" ;;
  *" add-invoker-policy-binding "*) need functions; need "gcloud iam service-accounts $member" ;;
  *" add-iam-policy-binding "*)
    case $words in "gcloud projects "*) ;; *) need "$about" ;; esac
    case $member in clientpulse-*)
      need "gcloud iam service-accounts $member"
      # A new account is not known everywhere at once.
      if ! has "known $member"; then make "known $member"; echo "Service account $member does not exist." >&2; exit 1; fi ;;
    esac ;;
  "gcloud auth print-access-token") echo "ya29.token" ;;
  curl*identitytoolkit*)
    # Only whoever shows a token, and what is initialised.
    grep -q "^Authorization: Bearer ya29.token$" || { echo "401" >&2; exit 22; }
    need "sign-in"
    case "$*" in *--request=PATCH*) make "links" ;; esac
    if has links; then echo '{ "signIn": { "email": { "enabled": true } } }';
    else echo '{ "signIn": { "email": { "enabled": true, "passwordRequired": true } } }'; fi ;;
  curl*) need hosted; echo '{"status":"ok"}' ;;
  *) echo "no such command: $words" >&2; exit 2 ;;
esac
