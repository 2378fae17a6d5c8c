// Written by scripts/r4-resource-types.mjs from the definitions of FHIR R4 (4.0.1), published by
// HL7 under CC0 "No Rights Reserved". Not to be edited by hand.

/**
 * The names of the concrete R4 resource types, by the elements that their search parameter
 * `identifier` looks at; `[]` marks those that repeat. Types under the empty key lack the parameter.
 */
export const R4_TYPES_BY_IDENTIFIER: Readonly<Record<string, string>> = {
  '': `
    AdverseEvent AuditEvent Binary BiologicallyDerivedProduct CapabilityStatement CatalogEntry
    CompartmentDefinition GraphDefinition ImplementationGuide Linkage MedicationKnowledge
    MedicinalProductContraindication MedicinalProductIndication MedicinalProductIngredient
    MedicinalProductInteraction MedicinalProductManufactured
    MedicinalProductUndesirableEffect MessageHeader NamingSystem ObservationDefinition
    OperationDefinition OperationOutcome Parameters Provenance SearchParameter Subscription
    SubstanceNucleicAcid SubstancePolymer SubstanceProtein SubstanceReferenceInformation
    SubstanceSourceMaterial SubstanceSpecification TerminologyCapabilities
    VerificationResult`,
  identifier: `
    Bundle Composition ConceptMap QuestionnaireResponse SpecimenDefinition TestReport TestScript`,
  'identifier[]': `
    Account ActivityDefinition AllergyIntolerance Appointment AppointmentResponse Basic
    BodyStructure CarePlan CareTeam ChargeItem ChargeItemDefinition Claim ClaimResponse
    ClinicalImpression CodeSystem Communication CommunicationRequest Condition Consent
    Contract Coverage CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue
    Device DeviceDefinition DeviceMetric DeviceRequest DeviceUseStatement DiagnosticReport
    EffectEvidenceSynthesis Encounter Endpoint EnrollmentRequest EnrollmentResponse
    EpisodeOfCare EventDefinition Evidence EvidenceVariable ExampleScenario
    ExplanationOfBenefit FamilyMemberHistory Flag Goal Group GuidanceResponse
    HealthcareService ImagingStudy Immunization ImmunizationEvaluation
    ImmunizationRecommendation InsurancePlan Invoice Library List Location Measure
    MeasureReport Media Medication MedicationAdministration MedicationDispense
    MedicationRequest MedicationStatement MedicinalProduct MedicinalProductAuthorization
    MedicinalProductPackaged MedicinalProductPharmaceutical MessageDefinition
    MolecularSequence NutritionOrder Observation Organization OrganizationAffiliation
    Patient PaymentNotice PaymentReconciliation Person PlanDefinition Practitioner
    PractitionerRole Procedure Questionnaire RelatedPerson RequestGroup ResearchDefinition
    ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment
    RiskEvidenceSynthesis Schedule ServiceRequest Slot Specimen StructureDefinition
    StructureMap Substance SupplyDelivery SupplyRequest Task ValueSet VisionPrescription`,
  'masterIdentifier identifier[]': `
    DocumentManifest DocumentReference`,
};
