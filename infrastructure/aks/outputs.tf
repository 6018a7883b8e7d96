output "kubeconfig_command" {
  description = "Makes kubectl know the cluster."
  value       = "az aks get-credentials --name ${azurerm_kubernetes_cluster.this.name} --resource-group ${azurerm_resource_group.this.name} --subscription ${var.subscription}"
}
