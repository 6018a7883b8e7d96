{{- /* What components/strimzi and components/cloudnative-pg add: certificates and addresses from the Secrets of those operators. */ -}}
{{- define "todotasks.strimzi" }}
- name: TODO_KAFKA_SSL_CA_PEM
  valueFrom: {secretKeyRef: {name: todotasks-cluster-ca-cert, key: ca.crt}}
- name: TODO_KAFKA_SSL_CERTIFICATE_PEM
  valueFrom: {secretKeyRef: {name: todotasks-{{ . }}, key: user.crt}}
- name: TODO_KAFKA_SSL_KEY_PEM
  valueFrom: {secretKeyRef: {name: todotasks-{{ . }}, key: user.key}}
{{- end }}
{{- define "todotasks.cloudnative-pg" }}
- name: TODO_DATABASE_URL
  valueFrom: {secretKeyRef: {name: todotasks-postgres-app, key: uri}}
{{- end }}
{{- define "todotasks.cloudnative-pg.mount" }}
- {name: postgres-ca, mountPath: /etc/todotasks/postgres, readOnly: true}
{{- end }}
{{- define "todotasks.cloudnative-pg.volume" }}
- {name: postgres-ca, secret: {secretName: todotasks-postgres-ca, items: [{key: ca.crt, path: ca.crt}]}}
{{- end }}
