output "kubeconfig_command" {
  description = "Makes kubectl know the cluster."
  value       = "gcloud container clusters get-credentials ${google_container_cluster.this.name} --region ${var.region} --project ${var.project}"
}
