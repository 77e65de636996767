// SPDX-License-Identifier: GPL-2.0-only
// File: arm-smmu.c
// As guard-context, but only where the handler is a thread, which may wait for the resume.
@guard_context_v1@
typedef irqreturn_t, bool;
identifier handler = arm_smmu_context_fault;
@@
 static irqreturn_t
-handler
+arm_smmu_handle_context_fault
 (int irq, void *dev)
 { ... }
+
+static irqreturn_t arm_smmu_context_fault(int irq, void *dev)
+{
+	struct arm_smmu_domain *smmu_domain = dev;
+	struct arm_smmu_device *smmu = smmu_domain->smmu;
+	bool threaded = smmu->impl && smmu->impl->context_fault_needs_threaded_irq;
+	irqreturn_t ret;
+
+	if (threaded && !arm_smmu_fault_get(smmu))
+		return IRQ_NONE;
+	if (smmu->impl && smmu->impl->context_fault)
+		ret = smmu->impl->context_fault(irq, dev);
+	else
+		ret = arm_smmu_handle_context_fault(irq, dev);
+	if (threaded)
+		arm_smmu_fault_put(smmu);
+	return ret;
+}
