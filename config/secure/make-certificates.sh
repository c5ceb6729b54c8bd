#!/bin/sh
# make-certificates.sh CLIENT BROKER: into the folder CLIENT what clients need, into BROKER the broker's key; what is there stays.
set -eu
client=$1 broker=$2
[ ! -s "$broker/kafka.pem" ] || exit 0
work=$(mktemp -d)
cd "$work"

secret() { openssl rand -hex 24; }

# The authority's key is thrown away: whoever starts anew gets a new authority.
openssl req -x509 -newkey rsa:3072 -noenc -days 3650 -subj "/CN=claimwire" -keyout ca.key -out ca.pem \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign 2>/dev/null
openssl req -newkey rsa:3072 -noenc -subj "/CN=kafka" -keyout kafka.key -out kafka.csr 2>/dev/null
printf 'subjectAltName=DNS:kafka,DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n' >extensions
openssl x509 -req -in kafka.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 -extfile extensions -out kafka.crt 2>/dev/null

# Each container that mounts a volume runs as a user of its own: the files are for all of them, the volumes for nobody else.
secret >"$client/password"
secret >"$broker/password"
cat >"$client/client.properties" <<PROPERTIES
security.protocol=SASL_SSL
sasl.mechanism=PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required username="claimwire" password="$(cat "$client/password")";
ssl.truststore.type=PEM
ssl.truststore.location=/client/ca.pem
PROPERTIES
cp ca.pem "$client/ca.pem"
cat kafka.key kafka.crt >"$broker/kafka.pem"
chmod 444 "$client"/* "$broker"/*
